import type { TimeIs } from './test.ts';
import { parseTime, partOf } from './time.ts';

/** Whether a text is a time whose part is in one of the ranges; what is no time isn't. */
export function timeIs({ part, ranges }: Omit<TimeIs, 'kind'>, text: string): boolean {
  const time = parseTime(text);
  if (time === undefined) return false;
  const value = partOf(time, part);
  return ranges.some(({ from, to }) => value >= from && value <= to);
}
