import type { Item, Selection, SelectionBody } from '../rule/rule.ts';

/** Lines whose values stand for one another: those of one item, or the keywords of a list. */
export interface ValueList {
  readonly field: string | undefined;
  readonly modifiers: readonly string[];
  readonly values: Item['values'];
}

/** Every list of values of a rule, also of one value. */
export function valueLists(selections: readonly Selection[]): readonly ValueList[] {
  return selections.flatMap(({ body }) => listsOf(body));
}

function listsOf(body: SelectionBody): readonly ValueList[] {
  if (body.kind === 'items') {
    return body.items.flatMap((line) =>
      line.kind === 'block' ? valueLists(line.selections) : [listOf(line)],
    );
  }
  const words = body.of.flatMap((part) => keywordOf(part)?.values ?? []);
  const others = body.of.filter((part) => keywordOf(part) === undefined).flatMap(listsOf);
  return words.length === 0
    ? others
    : [{ field: undefined, modifiers: [], values: words }, ...others];
}

function listOf({ field, modifiers, values }: Item): ValueList {
  return { field, modifiers: modifiers.map(({ name }) => name), values };
}

/** A keyword of a list is an item of its own. */
function keywordOf(body: SelectionBody): Item | undefined {
  if (body.kind !== 'items' || body.items.length !== 1) return undefined;
  const [line] = body.items;
  const isWord = line?.kind === 'item' && line.field === undefined && line.modifiers.length === 0;
  return isWord ? line : undefined;
}
