import { epochTicks } from './ticks.ts';

const form =
  /^\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:\d{2})?)?\s*$/i;

/** The ticks of a date and time in ISO 8601 (a blank may stand for the T), or nothing. */
export function parseInstant(text: string): bigint | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  if (year < 1 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || day < 1) return undefined;
  date.setUTCHours(hour, minute, second);
  const fraction = BigInt((match[7] ?? '').padEnd(7, '0').slice(0, 7));
  return BigInt(date.getTime()) * 10_000n + epochTicks + fraction - shift(match[8]);
}

function shift(zone: string | undefined): bigint {
  if (zone === undefined || /^z$/i.test(zone)) return 0n;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  const ticks = BigInt(hours * 60 + minutes) * 600_000_000n;
  return zone.startsWith('-') ? -ticks : ticks;
}

/** The ticks of `1.02:03:04.5`, `02:03` or a number of days, or nothing. */
export function parseSpan(text: string): bigint | undefined {
  const match = /^\s*(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [days = 0n, hours = 0n, minutes = 0n, seconds = 0n] = match
    .slice(2, 6)
    .map((part) => BigInt(part ?? 0));
  const fraction = BigInt((match[6] ?? '').padEnd(7, '0'));
  const whole = ((days * 24n + hours) * 60n + minutes) * 60n + seconds;
  const ticks = whole * 10_000_000n + fraction;
  return match[1] === undefined ? ticks : -ticks;
}
