import { endNames } from '../rule/modifiers.ts';
import type { Item, Line } from '../rule/rule.ts';
import { applyEdits, keyEnd, rewrite } from './edit.ts';
import type { Edit, Mutant } from './mutant.ts';
import { globbed } from './values.ts';

/**
 * A slip in an item, if a selection can say it: a map has no key twice, so that what another line is called already is
 * said with modifiers in another order, or with wildcards in the values.
 */
export function spellable(
  mutant: Mutant,
  item: Item,
  lines: readonly Line[],
  text: string,
): readonly Mutant[] {
  const { start } = item.keySpan;
  const end = keyEnd(text, item.keySpan);
  const from = /["']/.test(text.charAt(start)) ? start + 1 : start;
  const inKey = mutant.edits.filter((edit) => edit.start >= from && edit.end <= end);
  if (inKey.length === 0) return [mutant];
  const shifted = inKey.map((edit) => ({
    ...edit,
    start: edit.start - from,
    end: edit.end - from,
  }));
  const key = applyEdits(text.slice(from, end), shifted);
  const taken = new Set(lines.filter((line) => line !== item).map((line) => keyOf(line, text)));
  if (!taken.has(key)) return [mutant];
  const [field = '', ...names] = key.split('|');
  const spell = (some: readonly string[]): string => [field, ...some].join('|');
  const rest = mutant.edits.filter((edit) => !inKey.includes(edit));
  const turned = spell([...names].reverse());
  if (!taken.has(turned))
    return [{ ...mutant, edits: [...rest, { start: from, end, text: turned }] }];
  const open = names.find((name) => endNames.includes(name));
  const plain = spell(names.filter((name) => name !== open));
  const values = open === undefined || taken.has(plain) ? undefined : globsOf(item, open, text);
  return values === undefined
    ? []
    : [{ ...mutant, edits: [...rest, { start: from, end, text: plain }, ...values] }];
}

function keyOf({ keySpan }: Line, text: string): string {
  const quoted = /["']/.test(text.charAt(keySpan.start));
  return text.slice(keySpan.start + (quoted ? 1 : 0), keyEnd(text, keySpan));
}

/** The values of an item with wildcards in the place of the modifier that leaves their ends open. */
function globsOf(
  { values, modifiers }: Item,
  open: string,
  text: string,
): readonly Edit[] | undefined {
  const isPlain = modifiers.every(({ name }) =>
    [...endNames, 'all', 'cased', 'neq'].includes(name),
  );
  if (!isPlain) return undefined;
  const edits = values.flatMap((value) =>
    value.kind === 'string' || value.kind === 'number'
      ? [quoted(rewrite(text, value.span, globbed(value.text, open)), globbed(value.text, open))]
      : [],
  );
  return edits.length < values.length ? undefined : edits;
}

function quoted(edit: Edit, word: string): Edit {
  return { ...edit, text: JSON.stringify(word) };
}
