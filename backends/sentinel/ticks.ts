/** Ticks of 100 nanoseconds between the years 1 and 1970. */
export const epochTicks = 621_355_968_000_000_000n;

/** The ticks of a time in milliseconds since 1970. */
export function ticksOf(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds)) * 10_000n + epochTicks;
}

/** `2020-09-13T12:26:40.0000000Z`: always seven digits, always UTC. */
export function formatInstant(ticks: bigint): string {
  const [milliseconds, rest] = divide(ticks - epochTicks, 10_000n);
  const text = new Date(Number(milliseconds)).toISOString();
  return `${text.slice(0, -1)}${rest.toString().padStart(4, '0')}Z`;
}

/** `1.02:03:04.5000000`; days and fraction only where there are any. */
export function formatSpan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const pad = (value: bigint): string => value.toString().padStart(2, '0');
  const days = size / 864_000_000_000n;
  const clock = [
    (size / 36_000_000_000n) % 24n,
    (size / 600_000_000n) % 60n,
    (size / 10_000_000n) % 60n,
  ].map(pad);
  const fraction = size % 10_000_000n;
  const tail = fraction === 0n ? '' : `.${fraction.toString().padStart(7, '0')}`;
  return `${ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${clock.join(':')}${tail}`;
}

/** Quotient rounded down, and the rest. */
export function divide(value: bigint, by: bigint): readonly [bigint, bigint] {
  const rest = ((value % by) + by) % by;
  return [(value - rest) / by, rest];
}
