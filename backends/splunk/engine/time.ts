const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};
const names: Readonly<Record<string, string>> = {
  s: 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  m: 'm',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  h: 'h',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
  w: 'w',
  week: 'w',
  weeks: 'w',
  mon: 'mon',
  month: 'mon',
  months: 'mon',
  q: 'q',
  qtr: 'q',
  qtrs: 'q',
  quarter: 'q',
  quarters: 'q',
  y: 'y',
  yr: 'y',
  yrs: 'y',
  year: 'y',
  years: 'y',
};

/** A span such as `5m`: how many of which unit. */
export interface Span {
  readonly count: number;
  readonly unit: string;
  /** Seconds; nothing for months, quarters and years. */
  readonly seconds: number | undefined;
}

/** Reads a span; without a unit it counts seconds. */
export function parseSpan(text: string): Span | undefined {
  const match = /^(\d+)([a-z]*)$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = names[(match[2] || 's').toLowerCase()];
  const count = Number(match[1]);
  if (unit === undefined || count === 0) return undefined;
  const seconds = units[unit];
  return { count, unit, seconds: seconds === undefined ? undefined : seconds * count };
}

/** A relative time (`-1d@d`, `@h`, `now`, an epoch second) seen from a second since 1970. */
export function relativeTime(from: number, text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'now' || trimmed === 'now()' || trimmed === '') return from;
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  let time = from;
  let rest = trimmed;
  while (rest !== '') {
    const step = /^([+-])(\d*)([a-z]+)|^@([a-z]+)(\d?)/i.exec(rest);
    if (step === null) return undefined;
    const unit = names[(step[3] ?? step[4] ?? '').toLowerCase()];
    if (unit === undefined) return undefined;
    if (step[1] === undefined) time = snap(time, unit, Number(step[5] || 0));
    else time = shift(time, unit, Number(step[2] || 1) * (step[1] === '-' ? -1 : 1));
    rest = rest.slice(step[0].length);
  }
  return time;
}

/** Back to the start of a unit, in UTC; weeks begin on Sunday or the named day. */
export function snap(time: number, unit: string, weekday: number = 0): number {
  const date = new Date(time * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === 'y') return Date.UTC(year, 0) / 1000;
  if (unit === 'q') return Date.UTC(year, month - (month % 3)) / 1000;
  if (unit === 'mon') return Date.UTC(year, month) / 1000;
  if (unit === 'w') {
    const day = Math.floor(time / 86_400);
    return (day - ((date.getUTCDay() - (weekday % 7) + 7) % 7)) * 86_400;
  }
  const seconds = units[unit] ?? 1;
  return Math.floor(time / seconds) * seconds;
}

function shift(time: number, unit: string, count: number): number {
  const seconds = units[unit];
  if (seconds !== undefined) return time + seconds * count;
  const date = new Date(time * 1000);
  const months = { mon: 1, q: 3, y: 12 }[unit] ?? 0;
  date.setUTCMonth(date.getUTCMonth() + months * count);
  return date.getTime() / 1000;
}
