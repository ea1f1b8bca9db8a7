import type { Plan, Schedule } from './plan.ts';

/** Periods end at whole minutes: a run may start up to so many milliseconds after its period's end. */
const minute = 60_000;

/**
 * How far back a run has to look, milliseconds: it tells what came or became certain in the period before it;
 * a record may have come late, and a correlation needs the window before it.
 */
export function lookbackOf(plan: Plan, { every, delay }: Schedule): number {
  return windowOf(plan) + delay + every + minute;
}

/** How long before a hit the events lie that it depends on. */
function windowOf(plan: Plan): number {
  if (plan.kind === 'event') return 0;
  const inner = plan.members.map((member) =>
    member.kind === 'nested' ? windowOf(member.plan) : 0,
  );
  return plan.window + Math.max(0, ...inner);
}
