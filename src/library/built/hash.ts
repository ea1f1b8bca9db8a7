import { createHash } from 'node:crypto';
import { meaningOf } from '../../plan/meaning-of.ts';
import type { Plan } from '../../plan/plan.ts';
import { byCodePoint } from '../../text/by-code-point.ts';

/** A short, stable name of a text's content: the first 16 hex digits of its SHA-256. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}

/** The same of several files together: of their paths and texts. */
export function filesHash(files: Iterable<readonly [path: string, text: string]>): string {
  return contentHash(JSON.stringify([...files].sort(([a], [b]) => byCodePoint(a, b))));
}

/** The hash of what a rule means: it changes with the plan, not with wording, comments or order of keys. */
export function planHash(plan: Plan): string {
  return contentHash(JSON.stringify(meaningOf(plan)));
}
