import { createHash } from 'node:crypto';
import { meaningOf } from '../../plan/meaning-of.ts';
import type { Plan } from '../../plan/plan.ts';

/** A short, stable name of a text's content: the first 16 hex digits of its SHA-256. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}

/** The hash of what a rule means: it changes with the plan, not with wording, comments or order of keys. */
export function planHash(plan: Plan): string {
  return contentHash(JSON.stringify(meaningOf(plan)));
}
