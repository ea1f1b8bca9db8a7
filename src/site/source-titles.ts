import type { Unit } from '../library/units.ts';
import { sourcesOf } from '../plan/sources-of.ts';

/** The log sources that a rule reads, as people call them; nothing of a rule without a plan. */
export function sourceTitles({ plan }: Unit): string {
  const sources = plan === undefined ? [] : sourcesOf(plan);
  return sources.map(({ title }) => title).join(', ');
}
