import { eventTime } from '../logsource/event-time.ts';
import type { Hit } from './correlate/types.ts';
import type { Plan } from './plan.ts';
import { type Origins, sourceAt } from './sources-of.ts';

/**
 * How many alerts hits make: of single events one each; of a correlation one for each run of a group's hits
 * of which no two neighbours are further apart than the window.
 */
export function countAlerts(
  plan: Plan,
  hits: readonly Hit[],
  records: readonly unknown[],
  origins: Origins = [],
): number {
  if (plan.kind === 'event') return hits.length;
  const timed = hits.map(({ event, group }) => ({
    group,
    time: eventTime(records[event], sourceAt(plan, origins, event)) ?? 0,
  }));
  return countRuns(timed, plan.window);
}

/** The number of runs of hits of one group whose neighbours are at most so many milliseconds apart. */
export function countRuns(
  hits: readonly { readonly group: readonly unknown[]; readonly time: number }[],
  window: number,
): number {
  const latest = new Map<string, number>();
  let runs = 0;
  for (const { group, time } of [...hits].sort((a, b) => a.time - b.time)) {
    const key = JSON.stringify(group);
    const before = latest.get(key);
    if (before === undefined || time - before > window) runs += 1;
    latest.set(key, time);
  }
  return runs;
}
