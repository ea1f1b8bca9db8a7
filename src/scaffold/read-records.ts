import { parseJson } from '../library/parse-json.ts';
import { nestsTooDeep } from '../logsource/record.ts';
import { isMap } from '../text/is-map.ts';
import type { RawRecord } from './facts.ts';

/**
 * The records of a text: of a JSON array, one JSON object, or lines that are JSON or text each. Files of CloudTrail
 * have them in a list `Records`, events of EventBridge one as `detail`.
 */
export function readRecords(text: string): readonly RawRecord[] | { readonly problem: string } {
  const whole = parsed(text);
  const entries = Array.isArray(whole) ? whole : isMap(whole) ? [whole] : linesOf(text);
  if ('problem' in entries) return entries;
  const given = entries.flatMap(unwrapped).map(asLine);
  const records = given.filter(isRecord);
  if (records.length === 0) return { problem: 'it holds no record' };
  if (records.length < given.length) return { problem: 'not all of its entries are records' };
  const problem = records.map(problemOf).find((one) => one !== undefined);
  return problem === undefined ? records : { problem };
}

/** Lines, which are JSON if they begin so. */
function linesOf(text: string): readonly unknown[] | { readonly problem: string } {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const values = lines.map(parsed);
  const entries = values.map((value, index) => (isMap(value) ? value : lines[index]));
  const broken = lines.findIndex(
    (line, index) => looksLikeJson(line) && values[index] === undefined,
  );
  if (broken === -1) return entries;
  const isWhole = broken === 0 && values.every((value) => !isMap(value));
  return {
    problem: isWhole
      ? "it isn't valid JSON"
      : `its line "${shortly(lines[broken])}" isn't valid JSON`,
  };
}

/** A text that is meant as JSON; lines of logs may begin with a bracket, too. */
function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{|\[\s*[[{"])/.test(text);
}

/** What an entry brings of records of CloudTrail, else the entry itself. */
function unwrapped(entry: unknown): readonly unknown[] {
  if (!isMap(entry)) return [entry];
  const { Records: list, detail, 'detail-type': type } = entry;
  const isOnly = Object.keys(entry).length === 1;
  if (Array.isArray(list) && isOnly) return list;
  const isCloudTrail = typeof type === 'string' && type.endsWith('via CloudTrail');
  return isMap(detail) && (isOnly || isCloudTrail) ? [detail] : [entry];
}

/** A line doesn't have its end. */
function asLine(entry: unknown): unknown {
  return typeof entry === 'string' ? entry.replace(/[\r\n]+$/, '') : entry;
}

function isRecord(entry: unknown): entry is RawRecord {
  return isMap(entry) || (typeof entry === 'string' && entry.trim() !== '');
}

/** Why a record can't be a sample. */
function problemOf(record: RawRecord): string | undefined {
  if (typeof record === 'string') {
    if (/[\r\n]/.test(record)) return `the text "${shortly(record)}" has several lines`;
    return /^\s*\{/.test(record) ? `"${shortly(record)}" isn't valid JSON` : undefined;
  }
  if (nestsTooDeep(record)) return 'a record nests more than 200 levels deep';
  return hasInfinite(record) ? 'a number in it is too large to be kept as it is' : undefined;
}

function hasInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinite);
}

function shortly(text = ''): string {
  const [line = ''] = text.trimStart().split(/[\r\n]/, 1);
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The text of a sample: a line, or JSON whose big integers keep their digits. */
export function sampleText(record: RawRecord): string {
  if (typeof record === 'string') return `${record}\n`;
  const plain = jsonText(record, '');
  let mark = '~int~';
  while (plain.includes(mark)) mark += '~';
  const digits = new RegExp(`"${mark}(-?[0-9]+)"`, 'g');
  return `${jsonText(record, mark).replace(digits, '$1')}\n`;
}

/** Big integers become texts behind a mark. */
function jsonText(record: RawRecord, mark: string): string {
  const marked = (_: string, value: unknown): unknown =>
    typeof value === 'bigint' ? `${mark}${value}` : value;
  return JSON.stringify(record, marked, 2);
}
