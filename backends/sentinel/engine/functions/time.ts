import type { ScalarType } from '../../ast.ts';
import { parseInstant } from '../../instant.ts';
import { divide, epochTicks, ticksOf } from '../../ticks.ts';
import { refuse, type Typed } from '../scope.ts';
import { isNumeric, isWhole } from '../value.ts';
import { type Builder, type Functions, strict } from './define.ts';
import { formatBy } from './time-format.ts';

const day = 864_000_000_000n;

/** Functions of dates and time spans; all times are UTC. */
export const times: Functions = {
  now: ({ args: [offset] }) => ({
    type: 'datetime',
    at: (cells, place) => {
      const shift = offset?.at(cells, place) ?? 0n;
      return place.run.now + (shift as bigint);
    },
  }),
  ingestion_time: ingestionTime,
  ago: strict(['timespan'], 'datetime', ([span], run) => run.now - span),
  bin: floor,
  floor: (call) =>
    call.args.length === 1
      ? strict(['number'], 'long', ([n]) => BigInt(Math.floor(Number(n))))(call)
      : floor(call),
  bin_at: ({ args }) => {
    const [value, size, origin] = args;
    if (value === undefined || size === undefined || origin === undefined)
      return refuse('bin_at(…) takes three arguments');
    return {
      type: value.type,
      at: (cells, place) =>
        binOf(value.at(cells, place), size.at(cells, place), origin.at(cells, place)),
    };
  },
  startofday: starts((date) => date),
  startofweek: starts((date) => date.setUTCDate(date.getUTCDate() - date.getUTCDay()), 7),
  startofmonth: starts((date) => date.setUTCDate(1), 0, 1),
  startofyear: starts((date) => date.setUTCMonth(0, 1), 0, 12),
  endofday: ends((date, n) => date.setUTCDate(date.getUTCDate() + 1 + n)),
  endofweek: ends((date, n) => date.setUTCDate(date.getUTCDate() - date.getUTCDay() + 7 * (n + 1))),
  endofmonth: ends((date, n) => date.setUTCMonth(date.getUTCMonth() + n + 1, 1)),
  endofyear: ends((date, n) => date.setUTCFullYear(date.getUTCFullYear() + n + 1, 0, 1)),
  dayofweek: strict(['datetime'], 'timespan', ([t]) => BigInt(dateOf(t).getUTCDay()) * day),
  dayofmonth: part((date) => date.getUTCDate()),
  dayofyear: part(dayOfYear),
  hourofday: part((date) => date.getUTCHours()),
  getmonth: part((date) => date.getUTCMonth() + 1),
  monthofyear: part((date) => date.getUTCMonth() + 1),
  getyear: part((date) => date.getUTCFullYear()),
  weekofyear: part(week),
  week_of_year: part(week),
  datetime_part: strict(['string', 'datetime'], 'int', ([name, t]) =>
    datePart(String(name).toLowerCase(), t),
  ),
  datetime_add: strict(['string', 'long', 'datetime'], 'datetime', ([unit, n, t]) =>
    add(String(unit).toLowerCase(), Number(n), t),
  ),
  datetime_diff: strict(['string', 'datetime', 'datetime'], 'long', ([unit, a, b]) =>
    difference(String(unit).toLowerCase(), a, b),
  ),
  make_datetime: strict(
    ['number', 'number', 'number', 'number?', 'number?', 'number?'],
    'datetime',
    (parts) => {
      const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = (
        parts as readonly (number | bigint)[]
      ).map(Number);
      const two = (n: number): string => String(Math.trunc(n)).padStart(2, '0');
      const seconds = `${two(s)}.${String(Math.round((s % 1) * 1e7)).padStart(7, '0')}`;
      return (
        parseInstant(
          `${String(y).padStart(4, '0')}-${two(mo)}-${two(d)}T${two(h)}:${two(mi)}:${seconds}`,
        ) ?? null
      );
    },
  ),
  make_timespan: strict(['number', 'number', 'number?', 'number?'], 'timespan', (parts) => {
    const numbers = (parts as readonly (number | bigint)[]).map(Number);
    const [days = 0, hours = 0, minutes = 0, seconds = 0] =
      numbers.length === 4 ? numbers : [0, ...numbers];
    return BigInt(Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1e7));
  }),
  format_datetime: strict(['datetime', 'string'], 'string', ([t, format]) =>
    formatBy(t, String(format), 'datetime'),
  ),
  format_timespan: strict(['timespan', 'string'], 'string', ([t, format]) =>
    formatBy(t, String(format), 'timespan'),
  ),
  unixtime_seconds_todatetime: unix(10_000_000),
  unixtime_milliseconds_todatetime: unix(10_000),
  unixtime_microseconds_todatetime: unix(10),
  unixtime_nanoseconds_todatetime: unix(0.01),
};

/**
 * "This function must be used in the context of a table", else it gives null (ingestion-time-function). Rows
 * that `where` has picked are the table's; what becomes of it behind other operators isn't said: `ingestion-time`.
 */
function ingestionTime({ args, scope }: Parameters<Builder>[0]): Typed {
  if (args.length > 0) return refuse('ingestion_time() takes no arguments');
  return {
    type: 'datetime',
    at: (_cells, { run, rows, index }) => {
      const event = rows[index]?.event;
      if (event === undefined) return null;
      if (scope.stored !== true) {
        run.assumptions.add(
          `What ingestion_time() gives behind operators other than "where" isn't documented; taken as: ${run.switches['ingestion-time']}.`,
        );
        if (run.switches['ingestion-time'] === 'null') return null;
      }
      return run.ingested(event);
    },
  };
}

function unix(scale: number): Builder {
  return strict(['number'], 'datetime', ([n]) => {
    if (typeof n !== 'bigint') return epochTicks + BigInt(Math.round(Number(n) * scale));
    return epochTicks + (scale < 1 ? (n as bigint) / 100n : (n as bigint) * BigInt(scale));
  });
}

function dateOf(ticks: bigint): Date {
  return new Date(Number(divide(ticks - epochTicks, 10_000n)[0]));
}

function part(read: (date: Date) => number): Builder {
  return strict(['datetime'], 'int', ([t]) => BigInt(read(dateOf(t))));
}

function midnight(ticks: bigint): Date {
  const date = dateOf(ticks);
  date.setUTCHours(0, 0, 0, 0);
  return date;
}

function starts(go: (date: Date) => unknown, days = 1, months = 0): Builder {
  return strict(['datetime', 'long?'], 'datetime', ([t, offset]) => {
    const date = midnight(t);
    go(date);
    const by = offset === undefined ? 0 : Number(offset);
    if (months > 0) date.setUTCMonth(date.getUTCMonth() + by * months);
    else date.setUTCDate(date.getUTCDate() + by * days);
    return ticksOf(date.getTime());
  });
}

function ends(go: (date: Date, offset: number) => unknown): Builder {
  return strict(['datetime', 'long?'], 'datetime', ([t, offset]) => {
    const date = midnight(t);
    go(date, offset === undefined ? 0 : Number(offset));
    return ticksOf(date.getTime()) - 1n;
  });
}

/** `bin`: rounded down to a multiple; null for a bin size that isn't positive. */
function floor({ args, name }: Parameters<Builder>[0]): Typed {
  const [value, size] = args;
  if (value === undefined || size === undefined || args.length !== 2)
    return refuse(`${name}(…) takes a value and a size`);
  const both = isNumeric(value.type) && isNumeric(size.type);
  const time = value.type === 'datetime' || value.type === 'timespan';
  if (!both && !(time && (size.type === 'timespan' || isNumeric(size.type)))) {
    return refuse(`${name}(…) can't put a ${value.type} into bins of a ${size.type}`);
  }
  const type = both ? binType(value.type, size.type) : value.type;
  return {
    type,
    at: (cells, place) => {
      const result = binOf(
        value.at(cells, place),
        size.at(cells, place),
        value.type === 'real' ? 0 : 0n,
      );
      return type === 'real' && typeof result === 'bigint' ? Number(result) : result;
    },
  };
}

function binType(value: ScalarType, size: ScalarType): ScalarType {
  if (!isWhole(value) || !isWhole(size)) return 'real';
  return value === 'int' && size === 'int' ? 'int' : 'long';
}

function binOf(value: unknown, size: unknown, origin: unknown): unknown {
  if (value === null || size === null || origin === null || Number(size) <= 0) return null;
  if (typeof value === 'bigint' && typeof size === 'bigint' && typeof origin === 'bigint') {
    return divide(value - origin, size)[0] * size + origin;
  }
  const [n, by, from] = [Number(value), Number(size), Number(origin)];
  return Math.floor((n - from) / by) * by + from;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** ISO 8601: the week of the year's first Thursday is week 1. */
function week(date: Date): number {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return Math.ceil(dayOfYear(thursday) / 7);
}

const parts: Readonly<Record<string, (date: Date, ticks: bigint) => number>> = {
  year: (date) => date.getUTCFullYear(),
  quarter: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  month: (date) => date.getUTCMonth() + 1,
  week_of_year: week,
  weekofyear: week,
  day: (date) => date.getUTCDate(),
  dayofyear: dayOfYear,
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
  millisecond: (date) => date.getUTCMilliseconds(),
  microsecond: (_date, ticks) => Number(divide(ticks, 10_000_000n)[1] / 10n),
  nanosecond: (_date, ticks) => Number(divide(ticks, 10_000_000n)[1] * 100n),
};

function datePart(name: string, ticks: bigint): bigint | null {
  const read = Object.hasOwn(parts, name) ? parts[name] : undefined;
  return read === undefined ? null : BigInt(read(dateOf(ticks), ticks));
}

const spans: Readonly<Record<string, bigint>> = {
  week: 7n * day,
  day,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
};
const months: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

function add(unit: string, count: number, ticks: bigint): bigint | null {
  const span = spans[unit];
  if (span !== undefined) return ticks + BigInt(count) * span;
  const by = months[unit];
  if (by === undefined) return null;
  const date = dateOf(ticks);
  const wanted = date.getUTCDate();
  const start = ticks - ticksOf(midnight(ticks).getTime());
  date.setUTCHours(0, 0, 0, 0);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * by);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, last));
  return ticksOf(date.getTime()) + start;
}

/** How many borders of the unit lie between two dates. */
function difference(unit: string, a: bigint, b: bigint): bigint | null {
  const by = months[unit];
  if (by !== undefined) {
    const index = (t: bigint): number => {
      const date = dateOf(t);
      return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / by);
    };
    return BigInt(index(a) - index(b));
  }
  const span = spans[unit];
  if (span === undefined) return unit === 'nanosecond' ? (a - b) * 100n : null;
  // Weeks begin on Sunday; the first of January of the year 1 was a Monday.
  const shift = unit === 'week' ? day : 0n;
  return divide(a + shift, span)[0] - divide(b + shift, span)[0];
}
