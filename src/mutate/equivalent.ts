import { domainOf } from '../lint/domain.ts';
import { refute } from '../lint/refute.ts';
import type { CorrelationPlan } from '../plan/correlation.ts';
import type { EventPlan } from '../plan/event-plan.ts';
import { fieldsRead } from '../plan/fields-of.ts';
import { meaningOf } from '../plan/meaning-of.ts';
import { always } from '../plan/normalize.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * Whether it is proven that two plans find the same in every stream of events: they are the same plan in other
 * words, or no event can be found by the one and not by the other. `false` also where that can't be told.
 */
export function areEquivalent(a: Plan, b: Plan): boolean {
  if (meaningKey(a) === meaningKey(b)) return true;
  if (a.kind === 'event') return b.kind === 'event' && areSameEvents(a, b);
  return b.kind === 'correlation' && areSameCorrelations(a, b);
}

/** The same for plans that find the same in the same words. */
export function meaningKey(plan: Plan): string {
  return JSON.stringify(meaningOf({ ...plan, outputs: [] }));
}

function areSameEvents(a: EventPlan, b: EventPlan): boolean {
  if (a.source.name !== b.source.name) return false;
  const domain = domainOf(a.source, [...fieldsRead(a), ...fieldsRead(b)]);
  const isNever = (yes: EventPlan, no: EventPlan): boolean =>
    refute({ kind: 'all', of: [yes.where, { kind: 'not', of: no.where }, domain] }) !== undefined;
  return isNever(a, b) && isNever(b, a);
}

/** All but what single events are like is the same, and members one by one find the same. */
function areSameCorrelations(a: CorrelationPlan, b: CorrelationPlan): boolean {
  if (a.members.length !== b.members.length) return false;
  if (meaningKey(shellOf(a)) !== meaningKey(shellOf(b))) return false;
  return a.members.every((member, index) => {
    const other = b.members[index];
    return other !== undefined && areEquivalent(member.plan, other.plan);
  });
}

/** A correlation of rules that find every event of their log sources. */
function shellOf(plan: CorrelationPlan): CorrelationPlan {
  const members = plan.members.map((member) =>
    member.kind === 'event'
      ? { ...member, plan: { ...member.plan, where: always } }
      : { ...member, plan: shellOf(member.plan) },
  );
  return { ...plan, members };
}
