import { type Range, type TimeIs, type TimePart, timeParts } from '#backend';
import type { Assignment, EvalExpr } from './ast.ts';
import { calculate, call, compare, field, joined, number } from './eval-build.ts';
import type { Helpers } from './helpers.ts';
import { windowsOf } from './windows.ts';

/**
 * That a part of the event's time lies in one of the ranges. `_time` counts seconds since 1970 in UTC (Search
 * Reference, "Date and time functions"); strftime() would read it in the user's time zone, so it is computed with.
 */
export function timeCondition({ part, ranges }: TimeIs, helpers: Helpers): EvalExpr {
  if (part === 'year') return inYears(ranges, helpers);
  if (part === 'second-of-week') return inWindow(ranges, helpers);
  return within(field(columnOf(part, helpers)), timeParts[part], ranges);
}

const time = field('_time');
const wholeDay = 86_400;

/** That a time lies in ranges of years; beyond the first and the last year lies nothing. */
function inYears(ranges: readonly Range[], helpers: Helpers): EvalExpr {
  const [least, greatest] = timeParts.year;
  const begins = new Set<number>();
  const begin = (year: number): EvalExpr => {
    begins.add(year);
    return number(startOf(year));
  };
  const of = ranges.map(({ from, to }) => {
    const after = from > least || to === greatest ? [compare(time, '>=', begin(from))] : [];
    const before = to < greatest ? [compare(time, '<', begin(to + 1))] : [];
    return joined('and', [...after, ...before]);
  });
  const said = [...begins].map((year) => `${year} begins at ${startOf(year)}`);
  helpers.say(`In UTC, ${said.join(', ')}.`);
  return joined('or', of);
}

/** That a time lies in a change window: on some days of the week, between two times of the day. */
function inWindow(ranges: readonly Range[], helpers: Helpers): EvalExpr {
  const { windows, text } = windowsOf(ranges);
  const unit = clockUnits.find(({ seconds }) =>
    windows.every(({ from, to }) => from % seconds === 0 && to % seconds === 0),
  );
  const said = windows.map(({ days, from, to }) => {
    const [first] = days;
    const isWhole = from === 0 && to === wholeDay;
    const isDaily = !isWhole && first?.from === 0 && first.to === 6;
    const onDays = isDaily ? [] : [within(field(dayOfWeek(helpers)), [0, 6], days)];
    if (unit === undefined || isWhole) return { isDaily, holds: joined('and', onDays) };
    const clock = field(utcColumn(unit.name, unit.value, helpers));
    const after = from > 0 ? [compare(clock, '>=', number(from / unit.seconds))] : [];
    const before = to < wholeDay ? [compare(clock, '<', number(to / unit.seconds))] : [];
    return { isDaily, holds: joined('and', [...onDays, ...after, ...before]) };
  });
  const numbers = said.every(({ isDaily }) => isDaily) ? '' : ' Day 0 is Monday.';
  helpers.say(`The window, in UTC: ${text}.${numbers}`);
  return joined(
    'or',
    said.map(({ holds }) => holds),
  );
}

/** The seconds between 1970 and the begin of a year. */
function startOf(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1) / 1000;
}

/** Single numbers first, in one list; a range that goes to the part's end needs one comparison only. */
function within(
  value: EvalExpr,
  [least, greatest]: readonly [number, number],
  ranges: readonly Range[],
): EvalExpr {
  const single = ranges.filter(({ from, to }) => from === to).map(({ from }) => number(from));
  const [only] = single;
  const equal = single.length === 1 && only !== undefined ? compare(value, '==', only) : undefined;
  const listed = single.length > 1 ? call('in', value, ...single) : equal;
  const between = ranges
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => {
      const after = from > least || to === greatest ? [compare(value, '>=', number(from))] : [];
      const before = to < greatest ? [compare(value, '<=', number(to))] : [];
      return joined('and', [...after, ...before]);
    });
  return joined('or', [...(listed === undefined ? [] : [listed]), ...between]);
}

function utcColumn(part: string, value: EvalExpr, helpers: Helpers): string {
  return helpers.column(`siemc_utc_${part}`, (name) => [
    { kind: 'eval', fields: [{ name, value }] },
  ]);
}

function columnOf(part: Exclude<TimePart, 'year' | 'second-of-week'>, helpers: Helpers): string {
  const column = (value: EvalExpr): string => utcColumn(part, value, helpers);
  switch (part) {
    case 'minute':
      return column(calculate(units(60), '%', number(60)));
    case 'hour':
      return column(hourOfDay());
    case 'day':
    case 'month': {
      const { dayOfYear, month } = calendar(
        'siemc_march',
        units(86_400),
        'The date in UTC, in years that begin on 1 March.',
        helpers,
      );
      if (part === 'month') return column(add(calculate(add(month, 2), '%', number(12)), 1));
      const before = quotient(add(times(153, month), 2), 5);
      return column(add(minus(dayOfYear, before), 1));
    }
    case 'week':
      return column(weekOf(helpers));
  }
}

/** 0 is Monday; 1970 began on a Thursday. */
function dayOfWeek(helpers: Helpers): string {
  return utcColumn('day_of_week', calculate(add(units(86_400), 3), '%', number(7)), helpers);
}

function hourOfDay(): EvalExpr {
  return calculate(units(3600), '%', number(24));
}

/** How many whole units of so many seconds have passed since 1970. */
function units(seconds: number): EvalExpr {
  return quotient(time, seconds);
}

interface Calendar {
  /** Counted from 1 March, which is 0. */
  readonly dayOfYear: EvalExpr;
  /** March is 0. */
  readonly month: EvalExpr;
  /** Of its 400 years, which are all alike. */
  readonly year: EvalExpr;
}

/**
 * The Gregorian calendar by whole numbers: years begin in March, so that a leap day is the last of its year, and
 * the months from March on last 153 days in five.
 */
function calendar(stem: string, day: EvalExpr, note: string, helpers: Helpers): Calendar {
  const name = helpers.column(stem, (column) => {
    const [era, year, dayOfYear] = [`${column}_era`, `${column}_year`, `${column}_day`].map(field);
    if (era === undefined || year === undefined || dayOfYear === undefined) return [];
    const leaps = minus(
      add(minus(era, quotient(era, 1460)), quotient(era, 36_524)),
      quotient(era, 146_096),
    );
    const before = minus(add(times(365, year), quotient(year, 4)), quotient(year, 100));
    const fields: readonly Assignment[] = [
      { name: `${column}_era`, value: calculate(add(day, 719_468), '%', number(146_097)) },
      { name: `${column}_year`, value: quotient(leaps, 365) },
      { name: `${column}_day`, value: minus(era, before) },
      { name: column, value: quotient(add(times(5, dayOfYear), 2), 153) },
    ];
    return [{ kind: 'eval', fields, note }];
  });
  return {
    dayOfYear: field(`${name}_day`),
    month: field(name),
    year: field(`${name}_year`),
  };
}

/** ISO 8601: a week belongs to the year of its Thursday, and is counted by it. */
function weekOf(helpers: Helpers): EvalExpr {
  const today = units(86_400);
  const thursday = add(minus(today, calculate(add(today, 3), '%', number(7))), 3);
  const { dayOfYear, year } = calendar(
    'siemc_thursday',
    thursday,
    'The date of the ISO week’s Thursday in UTC, in years that begin on 1 March.',
    helpers,
  );
  const leap = joined('and', [
    compare(calculate(year, '%', number(4)), '==', number(0)),
    joined('or', [
      compare(calculate(year, '%', number(100)), '!=', number(0)),
      compare(year, '==', number(0)),
    ]),
  ]);
  const fromMarch = calculate(add(dayOfYear, 59), '+', call('if', leap, number(1), number(0)));
  const fromJanuary = calculate(dayOfYear, '-', number(306));
  const sinceNewYear = call('if', compare(dayOfYear, '>=', number(306)), fromJanuary, fromMarch);
  return add(quotient(sinceNewYear, 7), 1);
}

function add(left: EvalExpr, right: EvalExpr | number): EvalExpr {
  return calculate(left, '+', typeof right === 'number' ? number(right) : right);
}

function minus(left: EvalExpr, right: EvalExpr): EvalExpr {
  return calculate(left, '-', right);
}

function times(factor: number, of: EvalExpr): EvalExpr {
  return calculate(number(factor), '*', of);
}

function quotient(of: EvalExpr, by: number): EvalExpr {
  return call('floor', calculate(of, '/', number(by)));
}

/** What times of the day are counted in: as coarse as a window allows. */
const clockUnits = [
  { name: 'hour', seconds: 3600, value: hourOfDay() },
  { name: 'minute_of_day', seconds: 60, value: calculate(units(60), '%', number(1440)) },
  {
    name: 'second_of_day',
    seconds: 1,
    value: calculate(call('floor', time), '%', number(wholeDay)),
  },
] as const;
