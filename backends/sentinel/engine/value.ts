import type { ScalarType } from '../ast.ts';
import { formatInstant, formatSpan } from '../ticks.ts';
import { type Dynamic, isBag, tickKind } from './json.ts';
import type { Run } from './scope.ts';

/** The types that numbers have. */
export function isNumeric(type: ScalarType): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
}

/** The types whose values are whole numbers. */
export function isWhole(type: ScalarType): boolean {
  return type === 'int' || type === 'long';
}

/** `tostring`: null is the empty string. */
export function textOf(value: unknown, type: ScalarType, run: Run): string {
  if (value === null) return '';
  switch (type) {
    case 'string':
    case 'guid':
      return value as string;
    case 'bool':
      return boolText(value === true, run);
    case 'int':
    case 'long':
      return String(value);
    case 'real':
    case 'decimal':
      return realText(value as number);
    case 'datetime':
      return formatInstant(value as bigint);
    case 'timespan':
      return formatSpan(value as bigint);
    case 'dynamic':
      return dynamicText(value as Dynamic, run);
  }
}

/** `tostring` of a dynamic value: strings as they are, arrays and bags as JSON. */
export function dynamicText(value: Dynamic, run: Run): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return boolText(value, run);
  const text = jsonText(value);
  const odd =
    typeof value === 'number' ? /e/.test(text) : typeof value === 'bigint' && tooLong(value);
  if (odd) {
    run.assumptions.add(
      "The text of a number in JSON with an exponent or beyond 64 bits isn't documented; taken as JavaScript's.",
    );
  }
  return text;
}

function tooLong(value: bigint): boolean {
  return BigInt.asIntN(64, value) !== value;
}

/** Compact JSON of a dynamic value. */
export function jsonText(value: Dynamic): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return realText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item)).join(',')}]`;
  const kind = tickKind(value);
  if (kind !== undefined) {
    const { ticks } = value as unknown as { ticks: bigint };
    return kind === 'datetime' ? formatInstant(ticks) : formatSpan(ticks);
  }
  if (!isBag(value)) return '';
  const entries = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`,
  );
  return `{${entries.join(',')}}`;
}

function boolText(value: boolean, run: Run): string {
  run.assumptions.add(
    `The text of a boolean isn't documented; taken as: ${run.switches['bool-text']}.`,
  );
  const text = String(value);
  return run.switches['bool-text'] === 'True'
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : text;
}

function realText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return String(value);
}

/** What makes two values the same in `distinct`, `summarize by` and joins. */
export function keyOf(value: unknown, type: ScalarType): string {
  if (value === null) return 'null';
  return type === 'dynamic' ? jsonText(value as Dynamic) : `=${String(value)}`;
}

/** Order of two values of one type that aren't null. */
export function order(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const [x, y] = [a as number | bigint, b as number | bigint];
  return x < y ? -1 : Number(x > y);
}

/** A value as results show it. */
export function shown(value: unknown, type: ScalarType): unknown {
  if (value === null) return null;
  switch (type) {
    case 'int':
    case 'long': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'datetime':
      return formatInstant(value as bigint);
    case 'timespan':
      return formatSpan(value as bigint);
    case 'dynamic':
      return shownDynamic(value as Dynamic);
    default:
      return value;
  }
}

function shownDynamic(value: Dynamic): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => shownDynamic(item));
  if (!isBag(value)) return jsonText(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, shownDynamic(inner)]),
  );
}
