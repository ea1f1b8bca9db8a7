import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';

/** A short, stable name of a text's content: the first 16 hex digits of its SHA-256. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}

/** The hash of what a rule means: it changes with the plan, not with wording, comments or order of keys. */
export function planHash(plan: Plan): string {
  const plain = JSON.stringify(meaningOf(plan), (key, value: unknown) => {
    if (key === 'span' || (key === 'text' && typeof value === 'string')) return undefined;
    if (key === 'field' && typeof value === 'object') return (value as { name: string }).name;
    return typeof value === 'bigint' ? value.toString() : value;
  });
  return contentHash(plain);
}

/** What of a plan is meaning: not the rule's words, schedule, or what the author accepts to lose. */
function meaningOf(plan: Plan): Readonly<Record<string, unknown>> {
  const source = plan.source.name;
  if (plan.kind === 'event') return { source, where: plan.where, outputs: plan.outputs };
  const { groupBy, window, condition, outputs } = plan;
  const members = plan.members.map((member) => {
    const { keys, values } = member;
    return { plan: meaningOf(member.plan), keys, values, outputs: member.outputs };
  });
  return { source, members, groupBy, window, condition, outputs };
}
