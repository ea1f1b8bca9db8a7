import { didYouMean } from '../../diagnostics/suggest.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { Plan } from '../../plan/plan.ts';
import { sourcesOf } from '../../plan/sources-of.ts';
import { isMap } from '../../text/is-map.ts';
import type { SampleStore } from './samples.ts';
import type { EventSpec } from './test-file.ts';

type Given = EventSpec['value'];
type Made = Exclude<Given, string>;

/** Whether an event of a test says how it is made (of a sample or a record) instead of being the record itself. */
export function isMade(event: Given | undefined): event is Made {
  return isMap(event) && (typeof event['$sample'] === 'string' || isRecord(event['$record']));
}

function isRecord(value: unknown): value is Given {
  return typeof value === 'string' || isMap(value);
}

/** The record that an event is made of. */
export function recordOf(
  event: Made,
  samples: SampleStore,
  testFile: string,
): ReturnType<SampleStore['find']> {
  const inline = event['$record'];
  return isRecord(inline) ? { record: inline } : samples.find(String(event['$sample']), testFile);
}

/** The log source of an event: the one that it names among the rule's, or the rule's only one. */
export function sourceOfEvent(
  event: Given,
  plan: Plan,
): { readonly source: LogSource } | { readonly problem: string } {
  const [first, ...others] = sourcesOf(plan);
  const names = [first, ...others].map(({ name }) => name);
  const listed = names.map((name) => `"${name}"`).join(', ');
  const given = isMade(event) ? event['source'] : undefined;
  if (typeof given !== 'string') {
    if (others.length === 0) return { source: first };
    const how = isMade(event) ? 'say "source"' : 'write it as "$record" and say "source" beside it';
    return {
      problem: `The rule reads several log sources, and the event doesn't say which it is of: ${how}, one of ${listed}.`,
    };
  }
  const source = [first, ...others].find(({ name }) => name === given);
  if (source !== undefined) return { source };
  const meant = didYouMean(given, names);
  return {
    problem: `The rule reads ${listed}, not "${given}".${meant === undefined ? '' : ` ${meant}`}`,
  };
}
