import type { Span } from '../text/span.ts';
import type { Edit } from './mutant.ts';

/** A text with all edits made. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const inOrder = [...edits].sort((a, b) => b.start - a.start);
  return inOrder.reduce(
    (made, edit) => made.slice(0, edit.start) + edit.text + made.slice(edit.end),
    text,
  );
}

/** Takes one of several entries of a YAML map or list away, in block or in flow style; never the only one. */
export function removal(
  text: string,
  entries: readonly Span[],
  index: number,
): readonly Edit[] | undefined {
  return removals(text, entries, [index]);
}

/** The same of several entries, by their places in order; never of all. */
export function removals(
  text: string,
  entries: readonly Span[],
  indexes: readonly number[],
): readonly Edit[] | undefined {
  if (indexes.length === 0 || indexes.length >= entries.length) return undefined;
  const edits: Edit[] = [];
  for (const first of indexes.filter((index) => !indexes.includes(index - 1))) {
    let last = first;
    while (indexes.includes(last + 1)) last += 1;
    const [from, to] = [entries[first], entries[last]];
    const [before, next] = [entries[first - 1], entries[last + 1]];
    if (from === undefined || to === undefined) return undefined;
    if (next !== undefined) edits.push({ start: from.start, end: next.start, text: '' });
    else if (before !== undefined)
      edits.push({ start: inkEnd(text, before), end: inkEnd(text, to), text: '' });
  }
  return edits;
}

/** Where what is written of a node ends: collections and block texts take in the line breaks behind them. */
function inkEnd(text: string, { start, end }: Span): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** Another value in the place of a scalar, however that is written. */
export function rewrite(text: string, span: Span, value: string): Edit {
  return { start: span.start, end: inkEnd(text, span), text: scalarText(value) };
}

/** A text as a YAML scalar that is a text, or a number, wherever it stands. */
function scalarText(value: string): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9_.() -]*$/.test(value) && !/[ .-]$/.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** Where the text of a key ends, before its closing quote. */
export function keyEnd(text: string, { start, end }: Span): number {
  return /["']/.test(text.charAt(start)) ? end - 1 : end;
}
