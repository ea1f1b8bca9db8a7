import type { CorrelationPlan } from './correlation.ts';
import type { EventPlan } from './event-plan.ts';

/** The meaning of a rule, independent of any target. */
export type Plan = EventPlan | CorrelationPlan;
