import { numberOf } from '../../match/number.ts';
import { meets } from '../bounds.ts';
import type { CorrelationCondition } from '../correlation.ts';
import { expiring } from './expiring.ts';
import type { Occurrence, Window } from './types.ts';
import { groupsOf } from './values.ts';

type OfKind<Kind> = Extract<CorrelationCondition, { readonly kind: Kind }>;

/** The number of distinct values, or tuples of them, within the window. */
export function distinctWindow(window: number, { bounds }: OfKind<'distinct'>): Window {
  const latest = new Map<string, number>();
  const past = expiring<string>((value, time) => {
    if (latest.get(value) === time) latest.delete(value);
  });
  return (time, arrived) => {
    past.drop(time - window);
    for (const { values } of arrived) {
      for (const tuple of groupsOf(values)) {
        const value = JSON.stringify(tuple);
        if (latest.get(value) === time) continue;
        latest.set(value, time);
        past.add(time, value);
      }
    }
    return meets(bounds, latest.size);
  };
}

/** The number at a rank among all within the window. */
export function percentileWindow(
  window: number,
  { bounds, percentile }: OfKind<'percentile'>,
): Window {
  const sorted: number[] = [];
  const past = expiring<number>((value) => {
    sorted.splice(rankOf(sorted, value), 1);
  });
  return (time, arrived) => {
    past.drop(time - window);
    for (const value of numbersOf(arrived)) {
      past.add(time, value);
      sorted.splice(rankOf(sorted, value), 0, value);
    }
    const rank = Math.min(sorted.length - 1, Math.floor((percentile * sorted.length) / 100));
    const value = sorted[rank];
    return value !== undefined && meets(bounds, value);
  };
}

/** All values that are numbers; of an event that several members found, as the first of them read any. */
export function numbersOf(arrived: readonly Occurrence[]): readonly number[] {
  const seen = new Set<Occurrence['identity']>();
  return arrived.flatMap(({ identity, values }) => {
    if (seen.has(identity)) return [];
    const numbers = values.flat().flatMap((text) => numberOf(text) ?? []);
    const finite = numbers.filter(Number.isFinite);
    if (finite.length > 0) seen.add(identity);
    return finite;
  });
}

/** How many of the sorted numbers are smaller. */
function rankOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
