import type { Goal, Observed, Publisher, Write } from '../../backend/publisher.ts';
import { fingerprint, fingerprintOf } from '../fingerprint.ts';

/** No object takes more writes than this. */
const most = 16;

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

/** The fingerprints that an object may have after each write on the way to its goal. */
export function fingerprintsOnTheWay(
  publisher: Publisher,
  goal: Goal,
  from: Observed | undefined,
): readonly string[] {
  return writesTo(publisher, goal, from).flatMap(({ leadsTo, mayLeadTo = [] }) => [
    fingerprintOf(leadsTo),
    ...mayLeadTo.map(fingerprint),
  ]);
}

/** An object that there is not yet, as it would be. */
export function madeFrom(publisher: Publisher, goal: Goal): Observed | undefined {
  return writesTo(publisher, goal, undefined).at(-1)?.leadsTo;
}

/** Whether an object is as siemc makes it for a goal, or as it is on the way there from another state. */
export function isMadeBy(
  publisher: Publisher,
  goal: Goal,
  from: Observed | undefined,
  seen: Observed,
): boolean {
  return fingerprintsOnTheWay(publisher, goal, from).includes(fingerprintOf(seen));
}

function nameOf(goal: Goal, seen: Observed | undefined): string {
  return goal.kind === 'present' ? goal.object.key : String(seen?.key);
}
