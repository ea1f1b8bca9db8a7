/** A clock that stands until somebody moves it. */
export interface ManualClock {
  /** Milliseconds since 1970. */
  now(): number;
  advance(milliseconds: number): void;
  /** Waits without waiting: the clock moves on. What is tested sleeps by it. */
  sleep(milliseconds: number): Promise<void>;
}

/** A clock that begins at a time. */
export function manualClock(start: string = '2026-01-05T08:00:00Z'): ManualClock {
  let time = Date.parse(start);
  const advance = (milliseconds: number): void => {
    time += milliseconds;
  };
  return {
    now: () => time,
    advance,
    sleep(milliseconds) {
      advance(milliseconds);
      return Promise.resolve();
    },
  };
}

/** A time as APIs write it. */
export function timestamp(time: number): string {
  return new Date(time).toISOString();
}
