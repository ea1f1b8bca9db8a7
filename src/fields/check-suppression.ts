import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Suppression } from '../plan/event-plan.ts';
import type { MappingTarget } from './context.ts';

/** Refuses to suppress alerts by what a target doesn't show. */
export function checkSuppression(
  suppress: Suppression | undefined,
  shown: readonly string[],
  target: MappingTarget,
  refuse: (finding: Finding) => void,
): void {
  for (const [at, name] of suppress?.by.entries() ?? []) {
    const span = suppress?.spans.by[at];
    if (span === undefined || shown.includes(name)) continue;
    const message = `${target.title} doesn't show "${name}", so alerts can't be suppressed by it.`;
    refuse({ code: `${target.id}/suppress`, message, span });
  }
}
