import { isMap } from '../text/is-map.ts';
import type { LogSource } from './log-source.ts';

const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** When an event happened, milliseconds since 1970; ISO 8601, in UTC where no zone is given. */
export function eventTime(record: unknown, { time }: LogSource): number | undefined {
  let value: unknown = record;
  for (const key of time.split('.')) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return typeof value === 'string' ? parseTime(value) : undefined;
}

/** The milliseconds since 1970 that an ISO 8601 text stands for; finer digits are cut off. */
export function parseTime(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, day = '', clock = '', fraction = '', zone = 'Z'] = match;
  const plain = Date.parse(`${day}T${clock}Z`);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(plain) || new Date(plain).toISOString().slice(0, 10) !== day) return undefined;
  const parsed = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
