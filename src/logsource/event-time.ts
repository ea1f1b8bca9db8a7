import { parseTime } from '../match/time.ts';
import { isMap } from '../text/is-map.ts';
import type { LogSource } from './log-source.ts';

/** When an event happened, milliseconds since 1970; ISO 8601, in UTC where no zone is given. */
export function eventTime(record: unknown, { time }: LogSource): number | undefined {
  let value: unknown = record;
  for (const key of time.split('.')) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return typeof value === 'string' ? parseTime(value) : undefined;
}
