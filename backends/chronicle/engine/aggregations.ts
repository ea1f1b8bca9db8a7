import { keyOf, type Value } from './value.ts';

/** A function over all values of a detection ("YARA-L 2.0 language syntax", Aggregations). */
export interface Aggregation {
  readonly result: 'number' | 'list';
  apply(values: readonly Value[]): Value;
}

/** Lists keep 25 values; which ones isn't specified, here the first. */
const maxList = 25;

/** The aggregations that run, by name. */
export const aggregations: ReadonlyMap<string, Aggregation> = new Map([
  numeric('max', (values) => Math.max(...values)),
  numeric('min', (values) => Math.min(...values)),
  numeric('sum', (values) => values.reduce((sum, value) => sum + value, 0)),
  numeric('avg', (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  ['count', { result: 'number', apply: (values) => values.length }],
  ['count_distinct', { result: 'number', apply: (values) => distinct(values).length }],
  ['array', { result: 'list', apply: (values) => values.slice(0, maxList) }],
  ['array_distinct', { result: 'list', apply: (values) => distinct(values).slice(0, maxList) }],
]);

function numeric(
  name: string,
  apply: (values: readonly number[]) => number,
): readonly [string, Aggregation] {
  const aggregation: Aggregation = {
    result: 'number',
    apply: (values) => (values.length === 0 ? 0 : apply(values.map(Number))),
  };
  return [name, aggregation];
}

/** Each value once, in the order of first sight. */
export function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
