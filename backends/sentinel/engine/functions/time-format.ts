import { divide, epochTicks } from '../../ticks.ts';

/** `format_datetime` and `format_timespan`: runs of format letters stand for parts, all else for itself. */
export function formatBy(ticks: bigint, format: string, kind: 'datetime' | 'timespan'): string {
  const fields = kind === 'datetime' ? dateFields(ticks) : spanFields(ticks < 0n ? -ticks : ticks);
  return format.replace(/y+|M+|d+|H+|h+|m+|s+|f+|F+|tt/g, (run) => {
    const letter = run.charAt(0);
    if (letter === 'f') return fields.fraction.slice(0, run.length);
    if (letter === 'F') return fields.fraction.slice(0, run.length).replace(/0+$/, '');
    if (run === 'tt') return fields.H >= 12 ? 'PM' : 'AM';
    if (letter === 'y' && run.length <= 2) return String(fields.y % 100).padStart(run.length, '0');
    const value =
      letter === 'h' && kind === 'datetime' ? fields.H % 12 || 12 : fields[letter as 'H'];
    return String(value).padStart(run.length, '0');
  });
}

interface Fields {
  readonly y: number;
  readonly M: number;
  readonly d: number;
  readonly H: number;
  readonly h: number;
  readonly m: number;
  readonly s: number;
  readonly fraction: string;
}

function dateFields(ticks: bigint): Fields {
  const [milliseconds] = divide(ticks - epochTicks, 10_000n);
  const date = new Date(Number(milliseconds));
  const H = date.getUTCHours();
  return {
    y: date.getUTCFullYear(),
    M: date.getUTCMonth() + 1,
    d: date.getUTCDate(),
    H,
    h: H,
    m: date.getUTCMinutes(),
    s: date.getUTCSeconds(),
    fraction: divide(ticks, 10_000_000n)[1].toString().padStart(7, '0'),
  };
}

function spanFields(ticks: bigint): Fields {
  const part = (size: bigint, modulus: bigint): number => Number((ticks / size) % modulus);
  const H = part(36_000_000_000n, 24n);
  return {
    y: 0,
    M: 0,
    d: Number(ticks / 864_000_000_000n),
    H,
    h: H,
    m: part(600_000_000n, 60n),
    s: part(10_000_000n, 60n),
    fraction: (ticks % 10_000_000n).toString().padStart(7, '0'),
  };
}
