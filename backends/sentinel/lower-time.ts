import { type Range, type TimeIs, type TimePart, timeParts } from '#backend';
import type { Expression } from './ast.ts';
import { binary, bool, call, chain, number, text, timespan } from './build.ts';

/**
 * Whether a part of a time is in one of the ranges. All times are UTC (datetime), weeks ISO 8601's
 * (week-of-year-function), and days of the week are counted from Sunday (day-of-week-function).
 */
export function lowerTime({ part, ranges }: TimeIs, time: Expression): Expression {
  if (part === 'second-of-week') return lowerWeek(ranges, time);
  return inRanges(partOf(part, time), ranges, timeParts[part]);
}

function partOf(part: Exclude<TimePart, 'second-of-week'>, time: Expression): Expression {
  switch (part) {
    case 'minute':
      return call('datetime_part', text('minute'), time);
    case 'hour':
      return call('hourofday', time);
    case 'day':
      return call('dayofmonth', time);
    case 'week':
      return call('week_of_year', time);
    case 'month':
      return call('monthofyear', time);
    case 'year':
      return call('getyear', time);
  }
}

function inRanges(
  of: Expression,
  ranges: readonly Range[],
  [least, most]: readonly [number, number],
): Expression {
  const single = ranges.filter(({ from, to }) => from === to);
  const [first] = single;
  const parts = ranges.flatMap((range): readonly Expression[] => {
    const { from, to } = range;
    if (from !== to) return [between(of, from, to, least, most)];
    if (range !== first) return [];
    if (single.length === 1) return [binary('==', of, number(from))];
    return [{ kind: 'in', op: 'in', left: of, of: single.map((one) => number(one.from)) }];
  });
  return chain('or', parts);
}

function between(
  of: Expression,
  from: number,
  to: number,
  least: number,
  most: number,
): Expression {
  if (from <= least) return binary('<=', of, number(to));
  if (to >= most) return binary('>=', of, number(from));
  return { kind: 'between', negated: false, of, from: number(from), to: number(to) };
}

/** Ranges in ascending order that neither touch nor overlap. */
export function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to + 1)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}

const daySeconds = 86_400;

/** Days that share their hours; seconds of the day, the end not included. */
interface Window {
  /** Counted from Monday. */
  readonly days: readonly number[];
  readonly clocks: readonly Range[];
}

function lowerWeek(ranges: readonly Range[], time: Expression): Expression {
  const clock = binary('-', time, call('startofday', time));
  const weekday = call('dayofweek', time);
  return chain(
    'or',
    windowsOf(ranges).map(({ days, clocks }) => {
      const when = chain(
        'or',
        clocks.map(({ from, to }) => {
          const ends = [
            ...(from > 0 ? [binary('>=', clock, clockOf(from))] : []),
            ...(to < daySeconds ? [binary('<', clock, clockOf(to))] : []),
          ];
          return ends.length === 0 ? bool(true) : chain('and', ends);
        }),
      );
      const isAlways = when.kind === 'bool';
      const parts = [
        ...(days.length < 7 ? [onDays(weekday, days)] : []),
        ...(isAlways ? [] : [when]),
      ];
      return parts.length === 0 ? call('isnotnull', time) : chain('and', parts);
    }),
  );
}

/** The ranges day by day; days with the same hours together, in the order of their first. */
function windowsOf(ranges: readonly Range[]): readonly Window[] {
  const windows = new Map<string, Window>();
  for (let day = 0; day < 7; day += 1) {
    const start = day * daySeconds;
    const clocks = ranges
      .map(({ from, to }) => ({
        from: Math.max(from - start, 0),
        to: Math.min(to + 1 - start, daySeconds),
      }))
      .filter(({ from, to }) => from < to);
    if (clocks.length === 0) continue;
    const key = JSON.stringify(clocks);
    windows.set(key, { days: [...(windows.get(key)?.days ?? []), day], clocks });
  }
  return [...windows.values()];
}

/** `dayofweek` gives the time since Sunday in whole days. */
function onDays(weekday: Expression, days: readonly number[]): Expression {
  const counted = days.map((day) => (day + 1) % 7);
  const [first = 0, last = first] = [counted[0], counted.at(-1)];
  if (counted.length === 1) return binary('==', weekday, dayLength(first));
  if (last - first === counted.length - 1) {
    return {
      kind: 'between',
      negated: false,
      of: weekday,
      from: dayLength(first),
      to: dayLength(last),
    };
  }
  return { kind: 'in', op: 'in', left: weekday, of: counted.map(dayLength) };
}

function dayLength(days: number): Expression {
  return timespan(days * daySeconds * 1000);
}

/** `7h`, or `make_timespan(7, 30)`. */
function clockOf(of: number): Expression {
  const [hour, minute, second] = clockParts(of);
  if (minute === 0 && second === 0) return timespan(of * 1000);
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return call('make_timespan', ...parts.map(number));
}

function clockParts(of: number): readonly [number, number, number] {
  return [Math.floor(of / 3600), Math.floor(of / 60) % 60, of % 60];
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Comments that say times of the week in words, each with what tests them if that has to be said. */
export function weekComments(
  tests: readonly { readonly ranges: readonly Range[]; readonly by?: string }[],
): readonly string[] {
  const testers = new Map<string, Set<string>>();
  for (const { ranges, by } of tests) {
    const week = weekText(ranges);
    const known = testers.get(week) ?? new Set();
    testers.set(week, by === undefined ? known : known.add(by));
  }
  const lines = [...testers].map(
    ([week, by]) => `${['Times of the week in UTC', ...by].join(', ')}: ${week}.`,
  );
  const last = lines.pop();
  return last === undefined ? [] : [...lines, `${last} The day of the week is 0d on Sunday.`];
}

/** `Mon-Fri 07:00-17:00; Sat, Sun`: what a test of the time of the week means. */
function weekText(ranges: readonly Range[]): string {
  const windows = windowsOf(ranges).map(({ days, clocks }) => {
    const times = clocks.map(({ from, to }) =>
      to - from === daySeconds ? '' : ` ${clockText(from)}-${clockText(to)}`,
    );
    return `${daysText(days)}${times.join(' and')}`;
  });
  return windows.join('; ');
}

function daysText(days: readonly number[]): string {
  const [first = 0, last = first] = [days[0], days.at(-1)];
  const named = days.map((day) => dayNames[day] ?? '');
  const run = days.length > 2 && last - first === days.length - 1;
  return run ? `${dayNames[first]}-${dayNames[last]}` : named.join(', ');
}

/** `07:00`, or `07:00:30` where seconds matter. */
function clockText(of: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const [hour, minute, second] = clockParts(of);
  return `${two(hour)}:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;
}
