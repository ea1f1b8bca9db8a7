/** How many requests are let through: so many at once, and so many more with each second. */
export interface Rate {
  readonly capacity: number;
  readonly perSecond: number;
}

/** What a bucket says of a request. */
export interface Taken {
  readonly allowed: boolean;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Whole seconds until one more is let through. */
  readonly wait: number;
}

/** As many requests in any minute, all at once if one likes. */
export function perMinute(count: number): Rate {
  return { capacity: count, perSecond: count / 60 };
}

/** As many requests in any second. */
export function perSecond(count: number): Rate {
  return { capacity: count, perSecond: count };
}

/** A token bucket that refills by the clock; each call takes a token if there is one. */
export function bucket({ capacity, perSecond: refill }: Rate, now: () => number): () => Taken {
  let tokens = capacity;
  let last = now();
  return () => {
    tokens = Math.min(capacity, tokens + ((now() - last) / 1000) * refill);
    last = now();
    // Sums of fractions fall short of whole numbers by less than this.
    const allowed = tokens >= 1 - 1e-9;
    if (allowed) tokens = Math.max(0, tokens - 1);
    const wait = allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / refill - 1e-9));
    return { allowed, remaining: Math.floor(tokens), wait };
  };
}
