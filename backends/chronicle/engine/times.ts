import { partOf, QueryRunError } from '#backend';

/** The calendar parts of a time in a time zone. */
export interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** The calendar parts of Unix seconds; the zone is a name of the tz database or an offset like `-08:00`. */
export function calendarOf(seconds: number, zone = 'GMT'): Calendar {
  const local = new Date((seconds + offsetOf(seconds, zone)) * 1000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
  };
}

/** The week of the year: weeks begin with Sunday, days before the first Sunday are in week 0. */
export function weekOf({ year, month, day, weekday }: Calendar): number {
  const dayOfYear = (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000;
  return Math.floor((dayOfYear + 7 - weekday) / 7);
}

/**
 * A time in the `%` notation, of which year to second and the ISO week are known, or by the name of a
 * granularity ("Format elements for date and time parts").
 */
export function formatTime(calendar: Calendar, format: string): string {
  if (format === 'WEEK') return formatTime(sundayOf(calendar), '%F');
  return (granularities[format] ?? format).replace(/%(.)/g, (whole, letter: string) => {
    const { year, month, day, hour, minute, second } = calendar;
    switch (letter) {
      case 'F':
        return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
      case 'T':
        return `${pad(hour)}:${pad(minute)}:${pad(second)}`;
      case 'Y':
        return pad(year, 4);
      case 'm':
        return pad(month);
      case 'd':
        return pad(day);
      case 'H':
        return pad(hour);
      case 'M':
        return pad(minute);
      case 'S':
        return pad(second);
      case 'V':
        return pad(partOf(Date.UTC(year, month - 1, day), 'week'));
      case '%':
        return '%';
      default:
        throw new QueryRunError(`The time format "${whole}" isn't supported`);
    }
  });
}

const granularities: Readonly<Record<string, string>> = {
  SECOND: '%F %T',
  MINUTE: '%F %H:%M',
  HOUR: '%F %H',
  DATE: '%F',
  MONTH: '%Y-%m',
  YEAR: '%Y',
};

function sundayOf({ year, month, day, weekday }: Calendar): Calendar {
  return calendarOf(Date.UTC(year, month - 1, day - weekday) / 1000);
}

function offsetOf(seconds: number, zone: string): number {
  if (zone === 'GMT' || zone === 'UTC') return 0;
  const fixed = /^([+-])(\d{1,2})(?::(\d{1,2}))?$/.exec(zone);
  if (fixed !== null) {
    const [, sign, hours, minutes] = fixed;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes ?? 0) * 60);
  }
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(new Date(seconds * 1000))
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local / 1000 - seconds;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new QueryRunError(`"${zone}" is no time zone`);
  }
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}
