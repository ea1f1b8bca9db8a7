import { randomOf } from '../../support/random.ts';
import type { ApiRequest } from './message.ts';

/** What goes wrong with one request. `effect` says whether it does its work all the same. */
export type Fault =
  /** The connection is cut before any of the reply, or in the midst of it. */
  | { readonly kind: 'cut'; readonly at: 'start' | 'middle'; readonly effect: boolean }
  /** The work is done at once, the reply comes late: milliseconds of real time. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** A refusal in the words of the API. */
  | {
      readonly kind: 'status';
      readonly status: FaultStatus;
      readonly effect: boolean;
      /** Seconds that the client shall wait, said as a number or as a date. */
      readonly retryAfter?: { readonly seconds: number; readonly as: 'seconds' | 'date' };
    }
  /** A page for people, as a proxy or a sign-in answers. */
  | { readonly kind: 'page'; readonly status: 200 | 404; readonly effect: boolean }
  /** Half of the reply's body, told as if it were whole. */
  | { readonly kind: 'truncated' }
  /** The right body under a wrong name. */
  | { readonly kind: 'content-type'; readonly type: string }
  /** To the same path on another host. */
  | {
      readonly kind: 'redirect';
      readonly status: 301 | 302 | 303 | 307 | 308;
      readonly origin: string;
    }
  /** Links to further pages lead to another host. */
  | { readonly kind: 'foreign-links'; readonly origin: string }
  /** The link to the next page leads to this one. */
  | { readonly kind: 'looping-links' };

/** 401: the token has expired; 409: a conflict that is none. */
export type FaultStatus = 401 | 409 | 429 | 500 | 502 | 503;

/** Which fault befalls a request, if any. */
export type FaultSchedule = (index: number, request: ApiRequest) => Fault | undefined;

/** Faults by the place of the request among all. */
export function faultsAt(faults: Readonly<Record<number, Fault>>): FaultSchedule {
  return (index) => faults[index];
}

/** Faults of requests in their order that pass a test: the first of them gets the first fault, and so on. */
export function faultsOn(
  faults: readonly (Fault | undefined)[],
  test: (request: ApiRequest) => boolean,
): FaultSchedule {
  let count = 0;
  return (_, request) => (test(request) ? faults[count++] : undefined);
}

/** What may go wrong and be right the next time. */
export const passingFaults: readonly Fault[] = [
  ...(['start', 'middle'] as const).flatMap((at) => [
    { kind: 'cut', at, effect: false } as const,
    { kind: 'cut', at, effect: true } as const,
  ]),
  { kind: 'slow', milliseconds: 5 },
  ...([500, 502, 503] as const).flatMap((status) => [
    { kind: 'status', status, effect: false } as const,
    { kind: 'status', status, effect: true } as const,
  ]),
  { kind: 'status', status: 401, effect: false },
  { kind: 'status', status: 429, effect: false, retryAfter: { seconds: 3, as: 'seconds' } },
  { kind: 'status', status: 429, effect: false, retryAfter: { seconds: 3, as: 'date' } },
  { kind: 'status', status: 503, effect: false, retryAfter: { seconds: 3, as: 'seconds' } },
  { kind: 'page', status: 200, effect: false },
  { kind: 'page', status: 404, effect: false },
  { kind: 'truncated' },
  { kind: 'content-type', type: 'text/plain' },
];

/**
 * Faults by chance, the same for the same seed: whether a request is befallen depends on its place alone, and no
 * more than `inARow` (at least one) requests that follow one another are.
 */
export function randomFaults({
  seed,
  chance,
  inARow,
  faults = passingFaults,
}: {
  readonly seed: number;
  readonly chance: number;
  readonly inARow: number;
  readonly faults?: readonly Fault[];
}): FaultSchedule {
  const random = randomOf(seed);
  const drawn: (Fault | undefined)[] = [];
  return (index) => {
    while (drawn.length <= index) {
      const fault = random.chance(chance) ? random.pick(faults) : undefined;
      const enough = drawn.length >= inARow && drawn.slice(-inARow).every((one) => one);
      drawn.push(enough ? undefined : fault);
    }
    return drawn[index];
  };
}
