import type { Bound } from './correlation.ts';

/** Whether a number is within all bounds. */
export function meets(bounds: readonly Bound[], value: number): boolean {
  return bounds.every(({ order, value: bound }) => tests[order](value, bound));
}

const tests: Readonly<Record<Bound['order'], (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
  eq: (value, bound) => value === bound,
  neq: (value, bound) => value !== bound,
};

/** The least whole number that meets the bounds when all larger ones do too; else nothing. */
export function leastCount(bounds: readonly Bound[]): number | undefined {
  let least = 0;
  for (const { order, value } of bounds) {
    if (order === 'gte') least = Math.max(least, Math.ceil(value));
    else if (order === 'gt') least = Math.max(least, Math.floor(value) + 1);
  }
  const isLower = bounds.every(
    ({ order, value }) =>
      order === 'gte' || order === 'gt' || (order === 'neq' && !isCountFrom(least, value)),
  );
  return isLower ? least : undefined;
}

/** Whether a number is a count of at least so many. */
function isCountFrom(least: number, value: number): boolean {
  return Number.isInteger(value) && value >= least;
}
