import { type NamedList, plainNumber } from '#backend';
import type { Readings } from './readings.ts';

/** One value of a field: all texts, apart from numbers that eval computed. */
export type Scalar = string | number;
/** What a field holds: nothing, a value, or several (at least two). */
export type Cell = Scalar | readonly Scalar[] | undefined;
/** What an eval expression yields; nothing is NULL. */
export type Value = Cell | boolean;

/** One row on its way through the pipe. */
export interface Row {
  /** The input event that it stands for. */
  readonly event: number | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What belongs to one run. */
export interface Run {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly readings: Readings;
  /** The tables of lookups. */
  readonly lists: readonly NamedList[];
  assume(assumption: string): void;
}

/** What a row holds in a field. */
export function read(row: Row, name: string, run: Run): Cell {
  if (!Object.hasOwn(row.fields, name)) return undefined;
  const value = row.fields[name];
  return typeof value === 'string' ? value : toCell(value, run);
}

/** A value of a stored event as a cell: booleans are text, null is as the reading says. */
function toCell(value: unknown, run: Run): Cell {
  if (Array.isArray(value)) return cellOf(value.map((item) => toScalar(item, run)));
  return toScalar(value, run);
}

function toScalar(value: unknown, { readings }: Run): Scalar | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value === null) return readings['json-null'] === 'text' ? 'null' : undefined;
  if (value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A list as a cell: nothing, the only value, or several. */
export function cellOf(values: readonly (Scalar | undefined)[]): Cell {
  const present = values.filter((value) => value !== undefined);
  return present.length > 1 ? present : present[0];
}

/** The values of a cell. */
export function valuesOf(cell: Cell): readonly Scalar[] {
  if (cell === undefined) return [];
  return isMany(cell) ? cell : [cell];
}

/** The values without those whose text came before. */
export function distinct(values: readonly Scalar[]): readonly Scalar[] {
  return [...new Map(values.map((value) => [textOf(value), value])).values()];
}

/** Whether a value is several. */
export function isMany(value: Value): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** A value as text. */
export function textOf(value: Scalar | boolean): string {
  return String(value);
}

/** The number that a text or number is; Splunk computes in double precision. */
export function toNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  if (plainNumber.test(value)) return Number(value);
  const trimmed = value.trim();
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

/** The order of two values: by number when both are, else by code point. */
export function compareScalars(a: Scalar, b: Scalar): number {
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x !== undefined && y !== undefined) return x - y;
  return compareTexts(textOf(a), textOf(b));
}

/** The order of UTF-8, which is that of code points. */
export function compareTexts(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
