const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** The milliseconds since 1970 that an ISO 8601 text stands for; UTC where no zone is given, finer digits cut off. */
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

/** What can be asked of a time, always in UTC, with the least and the greatest number that it gives. */
export const timeParts: Readonly<
  Record<
    'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' | 'second-of-week',
    readonly [number, number]
  >
> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  /** ISO 8601: weeks begin on Monday, and the first has the year's first Thursday. */
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
  /** Seconds since Monday, 00:00. */
  'second-of-week': [0, 604_799],
};

/** A part of a time. */
export type TimePart = keyof typeof timeParts;

/** All parts of a time. */
export const timePartNames: readonly TimePart[] = Object.keys(timeParts) as readonly TimePart[];

const [second, day] = [1000, 86_400_000];

/** A part of a point in time, given in milliseconds since 1970. */
export function partOf(time: number, part: TimePart): number {
  const date = new Date(time);
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week':
      return weekOf(time);
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
    case 'second-of-week':
      return Math.floor(sinceMonday(time) / second);
  }
}

/** Milliseconds since Monday, 00:00: 1970 began on a Thursday. */
function sinceMonday(time: number): number {
  const week = 7 * day;
  return (((time + 3 * day) % week) + week) % week;
}

function weekOf(time: number): number {
  const thursday = time - sinceMonday(time) + 3 * day;
  const start = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - start) / (7 * day)) + 1;
}
