import type { Desired, Goal, Observed, Publisher } from '../../backend/publisher.ts';
import { fingerprintOf, nothing } from '../fingerprint.ts';
import type { PlannedState, PlanOptions } from '../model.ts';
import type { State } from '../state/state.ts';
import { type Base, goalOf } from './base.ts';

/** What is decided of an object: its state, and what it should become if something is done. */
export interface Decision {
  readonly state: PlannedState;
  readonly why?: string;
  /** Also of what is undecided: what it would become. */
  readonly goal: Goal | undefined;
  readonly seen: Observed | undefined;
}

/** What decisions go by. */
export interface Grounds {
  readonly publisher: Publisher;
  readonly state: State | undefined;
  readonly base: Base;
  readonly options: PlanOptions;
  /** Objects of others, and of ours what stays without being wanted, by the names that nothing else may have. */
  readonly taken: ReadonlyMap<string, Observed>;
}

/** What to do about an object that is built. */
export function decideWanted(
  object: Desired,
  copies: readonly Observed[],
  { publisher, state, base, options, taken }: Grounds,
): Decision {
  const [seen] = copies;
  const remembered = state?.objects.get(object.key);
  const goal = goalOf(object, remembered?.attempt);
  if (copies.length > 1)
    return { state: 'blocked', why: severalText(copies), goal: undefined, seen };
  if (publisher.next(goal, seen) === undefined) {
    const why = publisher.stuck?.(goal, seen);
    return why === undefined
      ? { state: 'unchanged', goal, seen }
      : { state: 'blocked', why, goal, seen };
  }
  const inTheWay = object.claims.flatMap((claim) => taken.get(claim) ?? [])[0];
  if (inTheWay !== undefined)
    return { state: 'blocked', why: takenText(inTheWay), goal: undefined, seen };
  if (seen === undefined) {
    if (remembered === undefined || remembered.ours.includes(nothing) || options.overwriteDrift)
      return { state: 'create', goal, seen };
    return { state: 'missing', why: 'Deleted in the SIEM since it was applied.', goal, seen };
  }
  if (base.isOurs(seen, object) || options.overwriteDrift) return { state: 'update', goal, seen };
  if (remembered === undefined) {
    const why =
      'It is neither as it is built nor as any commit that git knows built it, and no state says how it was applied.';
    return { state: 'drifted', why, goal, seen };
  }
  return remembered.built === fingerprintOf(object)
    ? { state: 'drifted', why: 'Edited in the SIEM since it was applied.', goal, seen }
    : {
        state: 'conflict',
        why: 'Edited in the SIEM since it was applied, and built otherwise meanwhile.',
        goal,
        seen,
      };
}

/**
 * What to do about an object of ours that isn't built any more. What takes its place by its name and can't yet (`missed`)
 * has to be there first: else nothing would run.
 */
export function decideRemoved(
  copies: readonly [Observed, ...Observed[]],
  { publisher, base, options }: Grounds,
  missed: ReadonlyMap<string, Desired>,
): Decision {
  const [seen] = copies;
  if (copies.length > 1)
    return { state: 'blocked', why: severalText(copies), goal: undefined, seen };
  const isDelete = options.removed === 'delete';
  const retired = isDelete ? undefined : publisher.retired(seen);
  if (!isDelete && retired === undefined) {
    const why = `Nothing that is built needs it. It stays, unless it is to be deleted (--delete).`;
    return { state: 'retired', why, goal: undefined, seen };
  }
  const goal: Goal = retired === undefined ? { kind: 'absent' } : goalOf(retired);
  if (publisher.next(goal, seen) === undefined) {
    const why = publisher.stuck?.(goal, seen);
    return { state: 'retired', ...(why !== undefined && { why }), goal: undefined, seen };
  }
  const successor = retired?.claims.flatMap((claim) => missed.get(claim) ?? [])[0];
  if (successor !== undefined) {
    const why = `It isn't built any more, but what takes its place can't have its name yet: ${successor.name}. It stays as it is until it is deleted (--delete).`;
    return { state: 'blocked', why, goal: undefined, seen };
  }
  if (base.isOurs(seen, undefined) || options.overwriteDrift)
    return { state: isDelete ? 'delete' : 'disable', goal, seen };
  const why = 'Edited in the SIEM since it was applied, and not built any more.';
  return { state: 'conflict', why, goal, seen };
}

function severalText(copies: readonly Observed[]): string {
  return `There are ${copies.length} of it in the SIEM: ${copies.map(({ id }) => id).join(', ')}. Delete all but one.`;
}

function takenText({ key, kind, name, id }: Observed): string {
  if (key !== undefined)
    return `Its name is still that of ${withArticle(kind)} which isn't built any more: ${id}. It is free once that is deleted (--delete).`;
  return `Its name is taken there by ${withArticle(kind)} that isn't of this project: ${name === id ? name : `${name} (${id})`}.`;
}

function withArticle(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
