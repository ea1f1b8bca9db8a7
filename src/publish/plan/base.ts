import type { Desired, Goal, Observed, Publisher } from '../../backend/publisher.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { Site } from '../site.ts';
import type { Remembered, State } from '../state/state.ts';
import { isMadeBy, madeFrom } from './simulate.ts';

/** Whether an object is as siemc left it, as far as that can be known. */
export interface Base {
  /** Whether it is as the last apply left it, or as it was built at some commit if no state knows it. */
  isOurs(seen: Observed, desired: Desired | undefined): boolean;
  /** Whether the object was built at an earlier commit. */
  wasBuilt(key: string): boolean;
}

/** Judges by the state, and of what it doesn't know by what git has. */
export function baseOf({ publisher, history }: Site, state: State | undefined): Base {
  const builds = kept(buildsIn(publisher, history));
  return {
    isOurs(seen, desired) {
      const remembered = seen.key === undefined ? undefined : state?.objects.get(seen.key);
      if (remembered?.isBegun === true) return true;
      if (remembered?.ours.includes(fingerprintOf(seen)) === true) return true;
      // A state that is up to date knows how it was applied, whatever else git has.
      if (desired !== undefined && remembered?.built === fingerprintOf(desired)) return false;
      if (desired !== undefined && isMadeBy(publisher, goalOf(desired), undefined, seen))
        return true;
      return wasApplied(builds(), seen, remembered, (then) =>
        isOfBuild(publisher, then, seen, desired),
      );
    },
    wasBuilt: (key) => some(builds(), (build) => build.has(key)),
  };
}

/** Whether it passes for a build that was applied: none from before the one that the state knows. */
function wasApplied(
  builds: Iterable<Build>,
  { key }: Observed,
  remembered: Remembered | undefined,
  test: (then: Desired) => boolean,
): boolean {
  for (const build of builds) {
    const then = key === undefined ? undefined : build.get(key);
    if (then === undefined) continue;
    // A state that wasn't kept may be behind what another machine applied, but nobody goes back behind it.
    if (remembered?.built === fingerprintOf(then)) return false;
    if (test(then)) return true;
  }
  return false;
}

/** Whether an object is as it was built once: applied, in part or whole, retired, or on the way to how it is built now. */
function isOfBuild(
  publisher: Publisher,
  then: Desired,
  seen: Observed,
  desired: Desired | undefined,
): boolean {
  const goal = goalOf(then);
  if (publisher.next(goal, seen) === undefined || isMadeBy(publisher, goal, undefined, seen))
    return true;
  const made = madeFrom(publisher, goal);
  if (made === undefined) return false;
  const retired = publisher.retired(made);
  if (retired !== undefined) {
    if (publisher.next(goalOf(retired), seen) === undefined) return true;
    if (isMadeBy(publisher, goalOf(retired), made, seen)) return true;
  }
  return desired !== undefined && isMadeBy(publisher, goalOf(desired), made, seen);
}

/** That an object should be there. */
export function goalOf(object: Desired, attempt = 0): Goal {
  return { kind: 'present', object, attempt };
}

type Build = ReadonlyMap<string, Desired>;

function* buildsIn(publisher: Publisher, history: Site['history']): Iterable<Build> {
  for (const built of history()) {
    // What is wrong with a build of the past is nobody's concern now.
    const objects = publisher.desired(built, () => {});
    yield new Map(objects.map((object) => [object.key, object]));
  }
}

/** Reads an iterable once, however often it is gone through, and only as far as somebody has gone. */
function kept<Value>(values: Iterable<Value>): () => Iterable<Value> {
  const seen: Value[] = [];
  let rest: Iterator<Value> | undefined;
  return function* () {
    for (let index = 0; ; index += 1) {
      if (index === seen.length) {
        rest ??= values[Symbol.iterator]();
        const next = rest.next();
        if (next.done === true) return;
        seen.push(next.value);
      }
      yield seen[index] as Value;
    }
  };
}

function some<Value>(values: Iterable<Value>, test: (value: Value) => boolean): boolean {
  for (const value of values) if (test(value)) return true;
  return false;
}
