import type { RunResult } from '#backend';
import { parseInstant, parseSpan } from '../../backends/sentinel/instant.ts';
import { formatSpan } from '../../backends/sentinel/ticks.ts';

/** A documented example: a query and the table that the page prints below it. */
export interface DocumentedCase {
  readonly file: string;
  readonly line: number;
  readonly query: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What differs between a result and a documented table, or nothing. Rows compare as a multiset. */
export function difference(
  result: RunResult,
  { columns, rows }: Pick<DocumentedCase, 'columns' | 'rows'>,
): string | undefined {
  const names = result.columns.map(({ name }) => name);
  if (names.join('|') !== columns.join('|'))
    return `columns ${names.join()} instead of ${columns.join()}`;
  if (result.rows.length !== rows.length)
    return `${result.rows.length} rows instead of ${rows.length}`;
  const left = [...result.rows];
  for (const row of rows) {
    const at = left.findIndex((cells) =>
      row.every((text, i) => sameCell(cells[i], result.columns[i]?.type ?? 'string', text)),
    );
    if (at === -1) return `no row ${JSON.stringify(row)} in ${JSON.stringify(left)}`;
    left.splice(at, 1);
  }
  return undefined;
}

/** Whether a cell is what a page prints: typed, since number formats vary and a blank is null or empty. */
export function sameCell(value: unknown, type: string, printed: string): boolean {
  const text = unescapeMarkdown(printed);
  if (text === '' || text === 'null') return value === null || value === '' || value === 'null';
  if (value === null) return false;
  switch (type) {
    case 'bool':
      return /^(true|1)$/i.test(text) === value && /^(true|false|1|0)$/i.test(text);
    case 'int':
    case 'long':
    case 'real':
    case 'decimal':
      return sameNumber(Number(value), text);
    case 'datetime':
      return instant(String(value)) === instant(text);
    case 'timespan':
      return span(String(value)) === span(text);
    case 'dynamic':
      return sameJson(value, text);
    default:
      return String(value).replace(/\s+/g, ' ').trim() === text.replace(/\s+/g, ' ').trim();
  }
}

function unescapeMarkdown(text: string): string {
  return text
    .replaceAll(/<br\s*\/?>/g, ' ')
    .replaceAll('&nbsp;', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/^`(.*)`$/, '$1')
    .replace(/^<(https?:[^>]*)>$/, '$1')
    .replace('∞', 'Infinity')
    .trim();
}

/** Equal as far as the printed digits go. */
function sameNumber(value: number, text: string): boolean {
  const wanted = Number(text.replaceAll(',', ''));
  if (Number.isNaN(wanted) && text !== 'NaN') return false;
  if (Object.is(value, wanted) || value === wanted) return true;
  const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return (
    Math.abs(value - wanted) <= Math.max(0.51 * 10 ** -digits, Math.abs(wanted) * 1e-12) &&
    digits > 0
  );
}

function instant(text: string): bigint | string {
  return parseInstant(text) ?? text;
}

function span(text: string): string {
  const ticks = parseSpan(text);
  return ticks === undefined ? text : formatSpan(ticks);
}

function sameJson(value: unknown, text: string): boolean {
  const parsed = readLoosely(text);
  if (parsed === undefined) return String(value) === text || JSON.stringify(value) === text;
  return sameValue(value, parsed);
}

function readLoosely(text: string): unknown {
  for (const candidate of [text, text.replaceAll("'", '"')]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The page may print it in another way.
    }
  }
  return undefined;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return sameNumber(a, String(b));
  if (typeof a === 'string' && typeof b === 'string')
    return a === b || (parseInstant(a) !== undefined && instant(a) === instant(b));
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  if (x.length !== y.length) return false;
  return y.every(([key, inner]) => sameValue((a as Readonly<Record<string, unknown>>)[key], inner));
}
