import { createHash } from 'node:crypto';
import type { EventPlan } from '../plan/plan.ts';

/** A short, stable name of a text's content: the first 16 hex digits of its SHA-256. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}

/** The hash of what a rule means: it changes with the plan, not with wording, comments or order of keys. */
export function planHash({ source, where, outputs }: EventPlan): string {
  const plain = JSON.stringify({ source: source.name, where, outputs }, (key, value: unknown) => {
    if (key === 'span' || (key === 'text' && typeof value === 'string')) return undefined;
    if (key === 'field' && typeof value === 'object') return (value as { name: string }).name;
    return typeof value === 'bigint' ? value.toString() : value;
  });
  return contentHash(plain);
}
