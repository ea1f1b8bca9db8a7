import type { LowerReport, PlaceTest, Range, TimeIs } from '#backend';
import type { Expression } from './ast.ts';
import { allOf, anyOf, call, compare, integer, string, type Truth } from './build.ts';
import { eventTime } from './correlate-window.ts';
import { eventVariable } from './identifiers.ts';

const seconds = eventTime(eventVariable, 'seconds');
/** "If omitted, the default is GMT"; said all the same, for whoever reads the rule. */
const zone = string('UTC');
const hour = call('timestamp.get_hour', seconds, zone);
const minute = call('timestamp.get_minute', seconds, zone);
/** "An integer in the range [1, 7] representing the day of week starting with Sunday." */
const dayOfWeek = call('timestamp.get_day_of_week', seconds, zone);

/**
 * A test of a part of the event's time in UTC. `timestamp.get_week` counts from Sundays, so that the ISO
 * week is asked as text, `%V` of "Format elements for date and time parts", to which the page of
 * `timestamp.get_timestamp` points.
 */
export function lowerTimeTest(
  { part, ranges }: TimeIs,
  { span }: Pick<PlaceTest, 'span'>,
  report: LowerReport,
): Truth {
  switch (part) {
    case 'minute':
      return between(minute, ranges, [0, 59]);
    case 'hour':
      return between(hour, ranges, [0, 23]);
    case 'day':
      return oneOf(formatted('%d'), ranges);
    case 'month':
      return oneOf(formatted('%m'), ranges);
    case 'week':
      return oneOf(formatted('%V'), ranges);
    case 'year':
      return anyOf(ranges.map(yearIn));
    case 'second-of-week': {
      const days = daysOf(ranges);
      if (days !== undefined) return lowerDays(days);
      report.report({
        code: 'chronicle/time-part',
        message:
          'YARA-L has no function for the seconds of a time: windows have to begin and end at whole minutes.',
        span,
      });
      return false;
    }
  }
}

function formatted(format: string): Expression {
  return call('timestamp.get_timestamp', seconds, string(format), zone);
}

/** A number in one of the ranges; `whole` are the numbers that there are. */
function between(
  of: Expression,
  ranges: readonly Range[],
  [least, most]: readonly [number, number],
): Truth {
  return anyOf(
    ranges.map(({ from, to }) =>
      from === to
        ? compare('=', of, integer(from))
        : allOf([
            from <= least || compare('>=', of, integer(from)),
            to >= most || compare('<=', of, integer(to)),
          ]),
    ),
  );
}

/** Two digits as text: no page says how `cast.as_int` takes a zero in front. */
function oneOf(of: Expression, ranges: readonly Range[]): Truth {
  const parts = ranges.flatMap(digitsOf);
  const [first, ...others] = parts;
  if (first === undefined) return false;
  if (others.length === 0 && !first.includes('[')) return compare('=', of, string(first));
  const regex = others.length === 0 ? first : `(?:${parts.join('|')})`;
  return call('re.regex', of, string(`^${regex}$`));
}

/** Two-digit numbers as regular expressions: `0[3-9]`, `[1-4][0-9]`, `5[0-3]`. */
function digitsOf({ from, to }: Range): readonly string[] {
  const tens = [Math.floor(from / 10), Math.floor(to / 10)] as const;
  const first = from % 10 === 0 ? tens[0] : tens[0] + 1;
  const last = to % 10 === 9 ? tens[1] : tens[1] - 1;
  if (tens[0] === tens[1] && first > last) return [`${tens[0]}${digits(from % 10, to % 10)}`];
  return [
    ...(first > tens[0] ? [`${tens[0]}${digits(from % 10, 9)}`] : []),
    ...(first <= last ? [`${digits(first, last)}[0-9]`] : []),
    ...(last < tens[1] ? [`${tens[1]}${digits(0, to % 10)}`] : []),
  ];
}

function digits(from: number, to: number): string {
  return from === to ? String(from) : `[${from}-${to}]`;
}

function yearIn(range: Range): Truth {
  const year = formatted('%Y');
  return range.from === range.to
    ? compare('=', year, string(String(range.from).padStart(4, '0')))
    : between(call('cast.as_int', year), [range], [0, 9999]);
}

/** The minutes of each day of the week, from Monday; nothing where some range isn't of whole minutes. */
function daysOf(ranges: readonly Range[]): readonly (readonly Range[])[] | undefined {
  if (ranges.some(({ from, to }) => from % 60 !== 0 || to % 60 !== 59)) return undefined;
  return Array.from({ length: 7 }, (_, day) => {
    const start = day * minutesOfDay;
    return ranges.flatMap((range) => {
      const from = Math.max(range.from / 60, start) - start;
      const to = Math.min((range.to - 59) / 60, start + lastMinute) - start;
      return from > to ? [] : [{ from, to }];
    });
  });
}

const minutesOfDay = 24 * 60;
const lastMinute = minutesOfDay - 1;

/** Days that have the same times are said together. */
function lowerDays(days: readonly (readonly Range[])[]): Truth {
  const groups = new Map<string, { readonly times: readonly Range[]; readonly days: number[] }>();
  for (const [day, times] of days.entries()) {
    const key = JSON.stringify(times);
    const known = groups.get(key) ?? { times, days: [] };
    known.days.push(((day + 1) % 7) + 1);
    groups.set(key, known);
  }
  return anyOf(
    [...groups.values()].map((group) =>
      allOf([
        between(dayOfWeek, rangesOf(group.days), [1, 7]),
        anyOf(group.times.map(lowerTimeOfDay)),
      ]),
    ),
  );
}

/** Neighbouring numbers joined. */
function rangesOf(numbers: readonly number[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === number - 1) ranges[ranges.length - 1] = { from: last.from, to: number };
    else ranges.push({ from: number, to: number });
  }
  return ranges;
}

/** Minutes of the day, both ends included. */
function lowerTimeOfDay({ from, to }: Range): Truth {
  const [first, last] = [Math.floor(from / 60), Math.floor(to / 60)];
  const [start, end] = [from % 60, to % 60];
  if (first === last) {
    const minutes = between(minute, [{ from: start, to: end }], [0, 59]);
    return allOf([compare('=', hour, integer(first)), minutes]);
  }
  if (start === 0 && end === 59) return between(hour, [{ from: first, to: last }], [0, 23]);
  const edge = (at: number, beyond: '<' | '>', order: '<=' | '>=', minutes: number): Truth =>
    anyOf([
      compare(beyond, hour, integer(at)),
      allOf([compare('=', hour, integer(at)), compare(order, minute, integer(minutes))]),
    ]);
  return allOf([
    start === 0
      ? first === 0 || compare('>=', hour, integer(first))
      : edge(first, '>', '>=', start),
    end === 59 ? last === 23 || compare('<=', hour, integer(last)) : edge(last, '<', '<=', end),
  ]);
}
