import type { Json } from '../../backend/api.ts';
import { unifiedDiff } from '../../library/diff.ts';
import { visible } from '../../text/visible.ts';
import type { Change } from '../model.ts';

/** Values that are longer stand on lines of their own. */
const longest = 60;

/** Where something differs, and how: short values in a line, longer ones as a diff of their lines. */
export function changeLines({ path, from, to }: Change): readonly string[] {
  const [before, after] = [from, to].map(textOf);
  const sides = [before, after].map((text) => text ?? '(none)');
  if (sides.every((text) => text.length <= longest && !text.includes('\n')))
    return [oneLine(`${path}: ${sides.join(' → ')}`)];
  const lines = unifiedDiff(ended(before), ended(after)).map(oneLine);
  return [
    `${oneLine(path)}:`,
    ...(lines.length === 0 ? ['only the last line feed differs'] : lines),
  ];
}

/** Texts that can be told from numbers stand as they are; all else is JSON. */
function textOf(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string')
    return value === '' || isJson(value) ? JSON.stringify(value) : value;
  const short = JSON.stringify(value);
  return short.length <= longest ? short : JSON.stringify(value, undefined, 2);
}

/** Whether a text looks like a number, a truth value, nothing, or a value in quotes. */
function isJson(text: string): boolean {
  return /^(-?\d[\d.eE+-]*|true|false|null|\(none\)|".*")$/s.test(text);
}

function ended(text: string | undefined): string {
  return text === undefined || text.endsWith('\n') ? (text ?? '') : `${text}\n`;
}

/** What would move the cursor is visible; tabs stay. */
export function oneLine(text: string): string {
  return text.split('\t').map(visible).join('\t');
}
