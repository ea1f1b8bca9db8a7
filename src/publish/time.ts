import { setTimeout } from 'node:timers/promises';

/** Time, and chance: given from outside, so that nothing waits in tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits, but no longer than until somebody asks to stop. */
  sleep(milliseconds: number, stop?: AbortSignal): Promise<void>;
  /** From 0 to 1, 1 excluded. */
  random(): number;
}

/** The machine's. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) =>
    setTimeout(milliseconds, undefined, { ...(signal !== undefined && { signal }) }).catch(() => {
      // Stopped: that is told by the signal.
    }),
  random: Math.random,
};
