import type { Range } from '../match/test.ts';

/** What a change window says; each part may be left out. */
export interface WindowDocument {
  /** `mon-fri`, or a list of such. */
  readonly days?: unknown;
  /** `08:00`, included. */
  readonly from?: unknown;
  /** `18:00`, not included; at or before `from`: on the next day. */
  readonly to?: unknown;
  /** `+01:00` */
  readonly utcOffset?: unknown;
}

/** Why a window can't be read, and which of its keys is at fault. */
export interface WindowProblem {
  readonly key: keyof WindowDocument | undefined;
  readonly problem: string;
}

/** The keys of a change window. */
export const windowKeys: readonly string[] = ['days', 'from', 'to', 'utcOffset'];

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const [minute, day, week] = [60, 86_400, 604_800];

/** The seconds of the week, in UTC, that a window spans. */
export function readWindow(window: WindowDocument): readonly Range[] | WindowProblem {
  const days = window.days === undefined ? dayNames.map((_, index) => index) : daysOf(window.days);
  if (days === undefined)
    return { key: 'days', problem: `Days are ${dayNames.join(', ')}, or "mon-fri"` };
  const from = window.from === undefined ? 0 : clockOf(window.from);
  if (from === undefined || from === day)
    return { key: 'from', problem: 'A window begins at a time such as "08:00"' };
  const to = window.to === undefined ? day : clockOf(window.to);
  if (to === undefined)
    return { key: 'to', problem: 'A window ends at a time such as "18:00", at most "24:00"' };
  const offset = window.utcOffset === undefined ? 0 : offsetOf(window.utcOffset);
  if (offset === undefined)
    return { key: 'utcOffset', problem: 'An offset from UTC is written "+01:00", "-08:00" or "Z"' };
  const length = to > from ? to - from : to - from + day;
  const ranges = days.flatMap((index) => spread(index * day + from - offset, length));
  const joined = joinRanges(ranges);
  const whole = joined[0]?.from === 0 && joined[0].to === week - 1;
  return whole ? { key: undefined, problem: 'The window spans the whole week' } : joined;
}

/** Ranges in ascending order that neither touch nor overlap. */
export function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && range.from <= last.to + 1)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else joined.push(range);
  }
  return joined;
}

/** A stretch of seconds in the week, cut where the week ends. */
function spread(start: number, length: number): readonly Range[] {
  const from = ((start % week) + week) % week;
  const to = from + length - 1;
  if (to < week) return [{ from, to }];
  return [
    { from, to: week - 1 },
    { from: 0, to: to - week },
  ];
}

function daysOf(value: unknown): readonly number[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const days = new Set<number>();
  for (const one of list) {
    const [first, last = first] = String(one).toLowerCase().split('-');
    const [from, to] = [dayNames.indexOf(first ?? ''), dayNames.indexOf(last ?? '')];
    if (typeof one !== 'string' || from === -1 || to === -1 || one.split('-').length > 2)
      return undefined;
    for (let index = from; ; index = (index + 1) % 7) {
      days.add(index);
      if (index === to) break;
    }
  }
  return days.size === 0 ? undefined : [...days];
}

function clockOf(value: unknown): number | undefined {
  const match = /^([01]?[0-9]|2[0-4]):([0-5][0-9])$/.exec(typeof value === 'string' ? value : '');
  if (match === null) return undefined;
  const seconds = Number(match[1]) * 60 * minute + Number(match[2]) * minute;
  return seconds > day ? undefined : seconds;
}

function offsetOf(value: unknown): number | undefined {
  if (value === 'Z') return 0;
  const match = /^([+-])(0[0-9]|1[0-4]):([0-5][0-9])$/.exec(typeof value === 'string' ? value : '');
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 60 * minute + Number(match[3]) * minute;
  return match[1] === '-' ? -seconds : seconds;
}
