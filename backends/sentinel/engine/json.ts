import type { Json } from '../ast.ts';
import { parseInstant } from '../instant.ts';
import type { Run } from './scope.ts';

const typed: unique symbol = Symbol('typed');

/** A date inside a dynamic value, which JSON has no notation for. */
export interface DynamicInstant {
  readonly [typed]: 'datetime' | 'timespan';
  readonly ticks: bigint;
}
/** A dynamic value: JSON, or a date or time span in it. */
export type Dynamic =
  | Json
  | DynamicInstant
  | readonly Dynamic[]
  | { readonly [key: string]: Dynamic };

/** A dynamic value that holds a date or time span. */
export function dynamicTicks(kind: 'datetime' | 'timespan', ticks: bigint): DynamicInstant {
  return { [typed]: kind, ticks };
}

/** The kind of a date or time span in a dynamic value; nothing for all else. */
export function tickKind(value: unknown): 'datetime' | 'timespan' | undefined {
  return typeof value === 'object' && value !== null && typed in value
    ? (value as DynamicInstant)[typed]
    : undefined;
}

/** Whether a dynamic value is a property bag. */
export function isBag(value: unknown): value is { readonly [key: string]: Dynamic } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(typed in value);
}

/** `parse_json` of a text: null of the empty text; text that is no JSON is the value itself. */
export function parseJson(text: string, run: Run): Dynamic {
  if (text === '') return null;
  const parsed = readJson(text);
  if (parsed === undefined) return text;
  if (!mayHoldDate.test(text)) return parsed;
  run.assumptions.add(
    "Whether parse_json keeps the text of a string that looks like a date isn't documented; " +
      `taken as: ${run.switches['json-dates']}.`,
  );
  return run.switches['json-dates'] === 'datetime' ? withDates(parsed) : parsed;
}

/** The JSON value of a text, whole numbers exact; nothing if the text is no JSON. */
export function readJson(text: string): Json | undefined {
  try {
    return /\d{16}/.test(text) ? exact(text) : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const mayHoldDate = /"\d{4}-\d{2}-\d{2}/;

function withDates(value: Json): Dynamic {
  if (typeof value === 'string') {
    const ticks = /^\d{4}-\d{2}-\d{2}/.test(value) ? parseInstant(value) : undefined;
    return ticks === undefined ? value : dynamicTicks('datetime', ticks);
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withDates);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDates(inner)]));
}

/**
 * JSON with whole numbers beyond 2^53: each is first made a string that no JSON text can hold
 * otherwise, then a bigint.
 */
function exact(text: string): Json {
  let mark = '\uE000';
  while (text.includes(mark)) mark += '\uE000';
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}
