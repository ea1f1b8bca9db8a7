import { acts, type DestinationPlan } from '../model.ts';
import { actOf } from '../plan/plan-site.ts';

/** An object that a saved plan doesn't fit any more. */
export interface Moved {
  readonly name: string;
  readonly why: string;
}

/** A saved plan that isn't what would be done now. Nothing was written. */
export class PlanMoved extends Error {
  override readonly name = 'PlanMoved';
  readonly moved: readonly Moved[];
  constructor(moved: readonly Moved[]) {
    super("The plan isn't what would be done now.");
    this.moved = moved;
  }
}

/** More would be disabled or deleted than may be. Nothing was written. */
export class TooManyRemovals extends Error {
  override readonly name = 'TooManyRemovals';
  readonly count: number;
  readonly most: number;
  constructor(count: number, most: number) {
    super(`${count} objects would be disabled or deleted; --max-deletes allows ${most}.`);
    this.count = count;
    this.most = most;
  }
}

/** What of a saved plan doesn't hold any more, and what it doesn't have. */
export function movedIn(saved: DestinationPlan, now: DestinationPlan): readonly Moved[] {
  if (saved.endpoint !== now.endpoint)
    return [{ name: saved.destination, why: `it was planned for ${saved.endpoint}` }];
  const before = actsIn(saved);
  const after = actsIn(now);
  const gone = [...before].flatMap(([key, one]) => {
    const other = after.get(key);
    if (other === undefined)
      return [{ name: one.name, why: `planned: ${one.state}; now: nothing to do` }];
    if (actOf(one) === actOf(other)) return [];
    const why =
      one.seen === other.seen
        ? 'it is built otherwise now, or there is a newer version of it in the SIEM'
        : 'it was changed in the SIEM since';
    return [{ name: one.name, why }];
  });
  const more = [...after].flatMap(([key, { name, state }]) =>
    before.has(key) ? [] : [{ name, why: `not in the plan; now: ${state}` }],
  );
  return [...gone, ...more];
}

function actsIn({ objects }: DestinationPlan): ReadonlyMap<string, DestinationPlan['objects'][0]> {
  return new Map(objects.filter(({ state }) => acts.has(state)).map((one) => [one.key, one]));
}
