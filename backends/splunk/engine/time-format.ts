const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Writes a time in UTC by `strftime` variables; unknown ones stay as they are. */
export function formatTime(time: number, format: string): string | undefined {
  const date = new Date(time * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return format.replace(/%(\d?)([A-Za-z%])/g, (all, digits: string, letter: string) => {
    if (letter === 'N' || letter === 'Q')
      return fraction(time, Number(digits || (letter === 'N' ? 9 : 3)));
    return digits === '' ? (variable(date, letter) ?? all) : all;
  });
}

function variable(date: Date, letter: string): string | undefined {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour = date.getUTCHours();
  switch (letter) {
    case 'Y':
      return String(date.getUTCFullYear());
    case 'y':
      return two(date.getUTCFullYear() % 100);
    case 'm':
      return two(date.getUTCMonth() + 1);
    case 'd':
      return two(date.getUTCDate());
    case 'e':
      return String(date.getUTCDate()).padStart(2, ' ');
    case 'H':
      return two(hour);
    case 'I':
      return two(hour % 12 === 0 ? 12 : hour % 12);
    case 'M':
      return two(date.getUTCMinutes());
    case 'S':
      return two(date.getUTCSeconds());
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'F':
      return date.toISOString().slice(0, 10);
    case 'T':
      return date.toISOString().slice(11, 19);
    case 's':
      return String(Math.floor(date.getTime() / 1000));
    case 'A':
      return days[date.getUTCDay()];
    case 'a':
      return days[date.getUTCDay()]?.slice(0, 3);
    case 'B':
      return months[date.getUTCMonth()];
    case 'b':
    case 'h':
      return months[date.getUTCMonth()]?.slice(0, 3);
    case 'j': {
      const start = Date.UTC(date.getUTCFullYear(), 0);
      return String(Math.floor((date.getTime() - start) / 86_400_000) + 1).padStart(3, '0');
    }
    case 'w':
      return String(date.getUTCDay());
    case 'Z':
      return 'UTC';
    case 'z':
      return '+0000';
    case '%':
      return '%';
    default:
      return undefined;
  }
}

function fraction(time: number, digits: number): string {
  const part = Math.floor((time - Math.floor(time)) * 1e6 + 0.5);
  return String(part).padStart(6, '0').padEnd(9, '0').slice(0, digits);
}

const fields: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  Z: '(?<Z>UTC|GMT|Z)',
  N: '(?<N>\\d{1,9})',
  Q: '(?<N>\\d{1,9})',
  b: '(?<b>[A-Za-z]{3})',
  y: '(?<y>\\d{2})',
};

/** Reads a time by `strptime` variables, UTC unless it says otherwise. */
export function parseTime(text: string, format: string): number | undefined {
  const spelled = format.replaceAll('%F', '%Y-%m-%d').replaceAll('%T', '%H:%M:%S');
  let known = true;
  const source = spelled
    .split(/(%\d?[A-Za-z%])/)
    .map((part) => {
      if (!part.startsWith('%')) return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      if (part === '%%') return '%';
      if (part === '%s') return '(?<s>\\d{1,12})';
      const field = fields[part.at(-1) ?? ''];
      if (field === undefined) known = false;
      return field ?? '';
    })
    .join('');
  const groups = known ? execute(source, text) : undefined;
  if (groups === undefined) return undefined;
  if (groups['s'] !== undefined) return Number(groups['s']);
  return epochOf(groups);
}

function execute(source: string, text: string): Readonly<Record<string, string>> | undefined {
  try {
    return new RegExp(`^${source}`).exec(text)?.groups;
  } catch {
    return undefined;
  }
}

function epochOf(groups: Readonly<Record<string, string | undefined>>): number | undefined {
  const named = months.findIndex((name) => name.slice(0, 3) === groups['b']);
  const year = groups['Y'] ?? (groups['y'] === undefined ? '1970' : `20${groups['y']}`);
  const month = named >= 0 ? named : Number(groups['m'] ?? 1) - 1;
  const time = Date.UTC(
    Number(year),
    month,
    Number(groups['d'] ?? 1),
    Number(groups['H'] ?? 0),
    Number(groups['M'] ?? 0),
    Number(groups['S'] ?? 0),
  );
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(groups['z'] ?? '');
  const sign = zone?.[1] === '-' ? -1 : 1;
  const offset = zone === null ? 0 : sign * (Number(zone[2]) * 60 + Number(zone[3])) * 60;
  const seconds = time / 1000 - offset + Number(`0.${groups['N'] ?? '0'}`);
  return Number.isFinite(seconds) ? seconds : undefined;
}
