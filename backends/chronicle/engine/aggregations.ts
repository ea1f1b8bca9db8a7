import { keyOf, type Value } from './value.ts';

/** A function over all values of a detection ("YARA-L 2.0 language syntax", Aggregations). */
export interface Aggregation {
  readonly result: 'number' | 'list';
  /** Whether only the set of the values counts, not how often each occurs. */
  readonly isOfSet: boolean;
  /** Of the values, each of which occurs so many times. */
  apply(values: readonly Value[], times: number): Value;
}

/** Lists keep 25 values; which ones isn't specified, here the first. */
const maxList = 25;

/** The aggregations that run, by name. */
export const aggregations: ReadonlyMap<string, Aggregation> = new Map([
  numeric('max', true, (values) => reduce(values, Math.max)),
  numeric('min', true, (values) => reduce(values, Math.min)),
  numeric('sum', false, (values, times) => times * reduce(values, add)),
  numeric('avg', false, (values) => reduce(values, add) / values.length),
  define('count', 'number', false, (values, times) => values.length * times),
  define('count_distinct', 'number', true, (values) => distinct(values).length),
  define('array', 'list', false, (values) => values.slice(0, maxList)),
  define('array_distinct', 'list', true, (values) => distinct(values).slice(0, maxList)),
]);

function define(
  name: string,
  result: Aggregation['result'],
  isOfSet: boolean,
  apply: Aggregation['apply'],
): readonly [string, Aggregation] {
  return [name, { result, isOfSet, apply }];
}

function numeric(
  name: string,
  isOfSet: boolean,
  apply: (values: readonly number[], times: number) => number,
): readonly [string, Aggregation] {
  return define(name, 'number', isOfSet, (values, times) =>
    values.length === 0 ? 0 : apply(values.map(Number), times),
  );
}

function reduce(values: readonly number[], join: (a: number, b: number) => number): number {
  return values.reduce((a, b) => join(a, b));
}

function add(a: number, b: number): number {
  return a + b;
}

/** Each value once, in the order of first sight. */
export function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
