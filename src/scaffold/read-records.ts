import { parseJson } from '../library/parse-json.ts';
import { nestsTooDeep } from '../logsource/record.ts';
import { isMap } from '../text/is-map.ts';
import type { RawRecord } from './facts.ts';

/** The records of a text: of a JSON array, one JSON object, or lines that are JSON or text each. */
export function readRecords(text: string): readonly RawRecord[] | { readonly problem: string } {
  const whole = parsed(text);
  const entries = Array.isArray(whole) ? whole : isMap(whole) ? [whole] : linesOf(text);
  const records = entries.filter(
    (entry): entry is RawRecord => isMap(entry) || typeof entry === 'string',
  );
  if (records.length === 0) return { problem: 'it holds no record' };
  if (records.length < entries.length) return { problem: 'not all of its entries are records' };
  if (records.some((record) => nestsTooDeep(record)))
    return { problem: 'a record nests more than 200 levels deep' };
  return records;
}

function linesOf(text: string): readonly unknown[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const value = parsed(line);
      return isMap(value) ? value : line;
    });
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
  const mark = '\u0000';
  const text = JSON.stringify(
    record,
    (_, value: unknown) => (typeof value === 'bigint' ? `${mark}${value}${mark}` : value),
    2,
  );
  return `${text.replace(/"\\u0000(-?[0-9]+)\\u0000"/g, '$1')}\n`;
}
