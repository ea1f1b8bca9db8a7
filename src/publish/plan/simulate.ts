import type { Goal, Observed, Publisher, Write } from '../../backend/publisher.ts';
import { fingerprintOf } from '../fingerprint.ts';

/** No object takes more writes than this; a watchlist that loses rows takes one for each. */
const most = 10_000;

/** The writes from how an object is to its goal, if each is carried out. */
export function writesTo(
  publisher: Publisher,
  goal: Goal,
  seen: Observed | undefined,
): readonly Write[] {
  const writes: Write[] = [];
  let now = seen;
  while (writes.length < most) {
    const write = publisher.next(goal, now);
    if (write === undefined) return writes;
    writes.push(write);
    now = write.leadsTo;
  }
  throw new Error(
    `${publisher.endpoint}: the writes of ${nameOf(goal, seen)} don't come to an end`,
  );
}

/** How an object is after each write on the way to its goal. */
export function statesOnTheWay(
  publisher: Publisher,
  goal: Goal,
  from: Observed | undefined,
): readonly (Observed | undefined)[] {
  return writesTo(publisher, goal, from).map(({ leadsTo }) => leadsTo);
}

/** An object that there is not yet, as it would be. */
export function madeFrom(publisher: Publisher, goal: Goal): Observed | undefined {
  return statesOnTheWay(publisher, goal, undefined).at(-1);
}

/**
 * Whether an object is as siemc makes it for a goal, or as it is on the way there from another state, and nobody else would
 * have made it so.
 */
export function isMadeBy(
  publisher: Publisher,
  goal: Goal,
  from: Observed | undefined,
  seen: Observed,
): boolean {
  const own = fingerprintOf(seen);
  return writesTo(publisher, goal, from).some(
    ({ leadsTo, looksEdited }) => looksEdited !== true && fingerprintOf(leadsTo) === own,
  );
}

function nameOf(goal: Goal, seen: Observed | undefined): string {
  return goal.kind === 'present' ? goal.object.key : String(seen?.key);
}
