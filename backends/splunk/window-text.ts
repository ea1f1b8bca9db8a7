import type { Range } from '#backend';

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const day = 86_400;

/** Ranges of seconds since Monday, 00:00, in words: `Mon-Fri 07:00-17:00, Sat 08:00-12:00`. */
export function windowText(ranges: readonly Range[]): string {
  const windows: { first: number; last: number; readonly clock: string }[] = [];
  for (const { from, to } of ranges.flatMap(byDay)) {
    const on = Math.floor(from / day);
    const clock = `${clockText(from - on * day)}-${clockText(to + 1 - on * day)}`;
    const known = windows.find((window) => window.clock === clock && window.last === on - 1);
    if (known === undefined) windows.push({ first: on, last: on, clock });
    else known.last = on;
  }
  return windows
    .map(
      ({ first, last, clock }) =>
        `${first === last ? '' : `${days[first]}-`}${days[last]} ${clock}`,
    )
    .join(', ');
}

/** A range cut at each midnight. */
function byDay({ from, to }: Range): readonly Range[] {
  const parts: Range[] = [];
  for (let start = from; start <= to; ) {
    const end = Math.min(to, (Math.floor(start / day) + 1) * day - 1);
    parts.push({ from: start, to: end });
    start = end + 1;
  }
  return parts;
}

function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = seconds % 60;
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
  return rest === 0 ? text : `${text}:${two(rest)}`;
}
