import type { MappedCorrelation } from '#backend';
import { placesOf } from '../lower-output.ts';
import type { Finder } from './parts.ts';

/** The rules that find single events, those of nested correlations included. */
export function findersIn({ members }: MappedCorrelation): readonly Finder[] {
  return members.flatMap((member) => (member.kind === 'event' ? [member] : findersIn(member.plan)));
}

/**
 * Whether an event may complete a hit for several reasons: by several members, or by hits of several groups
 * of one that fall together. Then its rows have to be made one.
 */
function repeats({ members }: MappedCorrelation): boolean {
  return members.some(
    (member) =>
      member.kind === 'nested' &&
      (members.length > 1 ||
        member.plan.groupBy.some(
          (_, key) => !member.keys.includes(key) && mayDiffer(member.plan, key),
        )),
  );
}

/** Whether one event may be in groups that differ in a key. */
function mayDiffer({ members }: MappedCorrelation, key: number): boolean {
  return members.some((member) =>
    member.kind === 'event'
      ? placesOf(member.keys[key] ?? { kind: 'coalesce', of: [] }).some(({ field }) => field.many)
      : members.length > 1 || mayDiffer(member.plan, member.keys[key] ?? 0),
  );
}

/** Whether a correlation or one that takes part in it repeats events. */
export function repeatsWithin(plan: MappedCorrelation): boolean {
  return (
    repeats(plan) ||
    plan.members.some((member) => member.kind === 'nested' && repeatsWithin(member.plan))
  );
}
