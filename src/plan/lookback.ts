import type { Schedule } from './event-plan.ts';
import type { Plan } from './plan.ts';

/**
 * How far back a run has to look, milliseconds: it tells what came or became certain in a whole period, which
 * ended up to a period ago; a record may have come late, and a correlation needs the window before it.
 */
export function lookbackOf(plan: Plan, { every, delay }: Schedule): number {
  return windowOf(plan) + delay + 2 * every;
}

/** How long before a hit the events lie that it depends on. */
function windowOf(plan: Plan): number {
  if (plan.kind === 'event') return 0;
  const inner = plan.members.map((member) =>
    member.kind === 'nested' ? windowOf(member.plan) : 0,
  );
  return plan.window + Math.max(0, ...inner);
}
