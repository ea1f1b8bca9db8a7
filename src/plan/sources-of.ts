import type { LogSource } from '../logsource/log-source.ts';
import type { Plan } from './plan.ts';

/** The log sources whose events a plan is about, each once, in the order of its rules. */
export function sourcesOf(plan: Plan): readonly [LogSource, ...LogSource[]] {
  return plan.kind === 'event' ? [plan.source] : plan.sources;
}

/**
 * The names of the log sources that the records of a stream are of, by their places. Left out or unknown: the
 * plan's first, which is the only one of most.
 */
export type Origins = readonly (string | undefined)[];

/** The log source that a record of a stream is of. */
export function sourceAt(plan: Plan, origins: Origins, index: number): LogSource {
  const sources = sourcesOf(plan);
  const [first] = sources;
  if (sources.length === 1) return first;
  return sources.find(({ name }) => name === origins[index]) ?? first;
}
