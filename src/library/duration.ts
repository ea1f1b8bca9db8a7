const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** The milliseconds of a span of time as test files write it: `+90s`, `15m`; 0 where a text is none. */
export function durationOf(text: string): number {
  const match = /^\+?(\d+)(ms|s|m|h|d)$/.exec(text);
  return Number(match?.[1] ?? 0) * (units[match?.[2] ?? 's'] ?? 0);
}
