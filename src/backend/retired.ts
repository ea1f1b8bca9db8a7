import type { RuleFacts } from '../plan/event-plan.ts';

/** Whether a rule says that nobody should run it: its query is there to be looked up. */
export function isRetired({ status }: Pick<RuleFacts, 'status'>): boolean {
  return status === 'deprecated' || status === 'unsupported';
}
