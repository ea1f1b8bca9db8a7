import type { Range } from '#backend';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const day = 86_400;

/** A time of the day, in seconds, and the days of the week on which it counts; 0 is Monday. */
export interface Window {
  readonly days: readonly Range[];
  readonly from: number;
  /** The first second that is outside. */
  readonly to: number;
}

/** Ranges of seconds since Monday, 00:00, by time of the day, and in words: `Mon-Fri 07:00-17:00, Sat 08:00-12:00`. */
export function windowsOf(ranges: readonly Range[]): {
  readonly windows: readonly Window[];
  readonly text: string;
} {
  const byClock = new Map<string, { days: Range[]; from: number; to: number }>();
  for (const { on, from, to } of ranges.flatMap(byDay)) {
    const clock = `${clockText(from)}-${clockText(to)}`;
    const { days } = byClock.get(clock) ?? { days: [] };
    byClock.set(clock, { days: withDay(days, on), from, to });
  }
  const texts = [...byClock].map(
    ([clock, { days }]) => `${days.map(daysText).join(', ')} ${clock}`,
  );
  return { windows: [...byClock.values()], text: texts.join('; ') };
}

function withDay(days: readonly Range[], on: number): Range[] {
  const last = days.at(-1);
  return last?.to === on - 1
    ? [...days.slice(0, -1), { from: last.from, to: on }]
    : [...days, { from: on, to: on }];
}

function daysText({ from, to }: Range): string {
  return from === to ? `${dayNames[from]}` : `${dayNames[from]}-${dayNames[to]}`;
}

/** A range cut at each midnight. */
function byDay(range: Range): readonly { on: number; from: number; to: number }[] {
  const parts: { on: number; from: number; to: number }[] = [];
  for (let start = range.from; start <= range.to; ) {
    const on = Math.floor(start / day);
    const end = Math.min(range.to + 1, (on + 1) * day);
    parts.push({ on, from: start - on * day, to: end - on * day });
    start = end;
  }
  return parts;
}

function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = seconds % 60;
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
  return rest === 0 ? text : `${text}:${two(rest)}`;
}
