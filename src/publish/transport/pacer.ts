import type { Pacing } from '../../backend/publisher.ts';
import type { Clock } from '../time.ts';

/** Lets requests through as often as a SIEM may be asked, in the order in which they ask. */
export interface Pacer {
  /** Waits until a request of this pace may go. */
  turn(pace: string): Promise<void>;
  /** From now on none of this pace goes for so many milliseconds. */
  hold(pace: string, milliseconds: number): void;
}

/** Token buckets by a clock. Paces without a rate wait only when they are held. */
export function pacerOf(rates: Pacing['rates'], clock: Clock): Pacer {
  const lanes = new Map<string, Lane>();
  const laneOf = (pace: string): Lane => {
    const rate = Object.hasOwn(rates, pace) ? rates[pace] : undefined;
    const lane = lanes.get(pace) ?? laneAt(rate && bucketOf(rate, clock.now()), clock);
    lanes.set(pace, lane);
    return lane;
  };
  return {
    turn: (pace) => laneOf(pace).turn(),
    hold: (pace, milliseconds) => laneOf(pace).hold(milliseconds),
  };
}

/** The requests of one pace. */
interface Lane {
  turn(): Promise<void>;
  hold(milliseconds: number): void;
}

function laneAt(bucket: Bucket | undefined, clock: Clock): Lane {
  let last: Promise<void> = Promise.resolve();
  let heldUntil = -Infinity;

  async function depart(): Promise<void> {
    for (;;) {
      const now = clock.now();
      const wait = now < heldUntil ? heldUntil - now : (bucket?.take(now) ?? 0);
      if (wait === 0) return;
      await clock.sleep(wait);
    }
  }
  return {
    turn() {
      last = last.then(depart);
      return last;
    },
    hold(milliseconds) {
      const until = clock.now() + milliseconds;
      if (until <= heldUntil) return;
      heldUntil = until;
      bucket?.drain(until);
    },
  };
}

interface Bucket {
  /** Takes a token; without one says after how many milliseconds there will be. */
  take(now: number): number;
  /** At that time there will be one token at most: what was allowed before counts no more. */
  drain(until: number): void;
}

/** Sums of fractions fall short of whole numbers by less than this. */
const aToken = 1 - 1e-9;

function bucketOf({ burst, perSecond }: Pacing['rates'][string], start: number): Bucket {
  let tokens = burst;
  let time = start;
  /** The time may lie before the last, if somebody sets the machine's clock. */
  const refill = (now: number): void => {
    tokens = Math.min(burst, tokens + (Math.max(0, now - time) / 1000) * perSecond);
    time = now;
  };
  return {
    take(now) {
      refill(now);
      if (tokens < aToken) return Math.ceil(((1 - tokens) / perSecond) * 1000);
      tokens -= 1;
      return 0;
    },
    drain(until) {
      refill(until);
      tokens = Math.min(tokens, 1);
    },
  };
}
