import type { Block, Item, Line, Selection, SelectionBody } from '../rule/rule.ts';
import type { Span } from '../text/span.ts';
import { removal, rewrite } from './edit.ts';
import { spellable } from './keys.ts';
import type { Mutant } from './mutant.ts';
import { toggled, valueMutants } from './values.ts';

/** Slips in the selections of a rule; `text` is that of its file. */
export function selectionMutants(
  selections: readonly Selection[],
  text: string,
  above = '',
): readonly Mutant[] {
  return selections.flatMap(({ name, body }) => bodyMutants(body, text, `${above}${name}`));
}

function bodyMutants(body: SelectionBody, text: string, place: string): readonly Mutant[] {
  if (body.kind === 'items') return linesMutants(body.items, text, place);
  const spans = body.of.map(spanOf);
  return body.of.flatMap((part, index) => {
    const own = `${place}[${index}]`;
    const edits = removal(text, spans, index);
    const dropped: Mutant[] =
      edits === undefined
        ? []
        : [{ kind: 'drop-part', place, change: `without [${index}]`, edits }];
    return [...dropped, ...bodyMutants(part, text, own)];
  });
}

/** A keyword's or a map's own place. */
function spanOf(body: SelectionBody): Span {
  if (body.kind !== 'items') return body.span;
  const [first] = body.items;
  return first === undefined ? body.span : { ...body.span, start: first.keySpan.start };
}

function linesMutants(lines: readonly Line[], text: string, place: string): readonly Mutant[] {
  const spans = lines.map(({ span }) => span);
  return lines.flatMap((line, index) => {
    const own = `${place}.${lineName(line)}`;
    const edits = removal(text, spans, index);
    const dropped: Mutant[] =
      edits === undefined ? [] : [{ kind: 'drop-item', place: own, change: 'dropped', edits }];
    const others =
      line.kind === 'block'
        ? blockMutants(line, text, own)
        : itemMutants(line, text, own).flatMap((one) => spellable(one, line, lines, text));
    return [...dropped, ...others];
  });
}

function lineName(line: Line): string {
  if (line.kind === 'block') return `${line.field}[${line.quantifier}]`;
  return [line.field ?? 'keywords', ...line.modifiers.map(({ name }) => name)].join('|');
}

/** The quantifier that stands for the opposite, or the looser one. */
const otherQuantifier = { any: 'none', none: 'any', all: 'any', all_or_empty: 'all' } as const;

function blockMutants(block: Block, text: string, place: string): readonly Mutant[] {
  const { quantifier, keySpan, selections } = block;
  const other = otherQuantifier[quantifier];
  const at = text.indexOf(`[${quantifier}]`, keySpan.start) + 1;
  const edits = [{ start: at, end: at + quantifier.length, text: other }];
  const swapped: Mutant = { kind: 'negate', place, change: `[${other}]`, edits };
  const isIn = at > keySpan.start && at < keySpan.end;
  return [...(isIn ? [swapped] : []), ...selectionMutants(selections, text, `${place}.`)];
}

function itemMutants(item: Item, text: string, place: string): readonly Mutant[] {
  const at = { item, text, place };
  const { field, values } = item;
  const dropped = droppedValues(item, text, place);
  const operator = values.length > 1 ? [toggled(at, 'operator', 'all')] : [];
  if (field === undefined) return [...dropped, ...operator];
  return [...dropped, ...operator, negated(item, text, place), ...valueMutants(item, text, place)];
}

function negated(item: Item, text: string, place: string): Mutant {
  const [only] = item.values;
  const asks = item.modifiers.some(({ name }) => name === 'exists');
  if (!asks || only?.kind !== 'boolean') return toggled({ item, text, place }, 'negate', 'neq');
  const other = only.text === 'true' ? 'false' : 'true';
  return { kind: 'negate', place, change: other, edits: [rewrite(text, only.span, other)] };
}

function droppedValues({ values }: Item, text: string, place: string): readonly Mutant[] {
  const spans = values.map(({ span }) => span);
  return values.flatMap((value, index): readonly Mutant[] => {
    const edits = removal(text, spans, index);
    const shown = 'text' in value ? JSON.stringify(value.text) : value.kind;
    return edits === undefined
      ? []
      : [{ kind: 'drop-value', place, change: `without ${shown}`, edits }];
  });
}
