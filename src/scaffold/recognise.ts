import { eventTime } from '../logsource/event-time.ts';
import { readLine, toCanonical } from '../logsource/forms.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { type RawRecord, textsIn } from './facts.ts';
import { operationOf } from './operation-of.ts';

/** How much better than any other a log source has to know a record. */
const clearly = 2;

/**
 * The log sources that a record may be of: those that find in it its time and what was done. If one of them knows twice
 * as many of its fields as any other, it is the only one.
 */
export function sourcesFor(raw: RawRecord, sources: readonly LogSource[]): readonly LogSource[] {
  const known = sources
    .map((source) => ({ source, fields: fieldsKnown(raw, source) }))
    .filter(({ fields }) => fields > 0)
    .sort((a, b) => b.fields - a.fields);
  const [best, next] = known;
  const alone = best !== undefined && (next === undefined || best.fields >= clearly * next.fields);
  return (alone ? [best] : known).map(({ source }) => source);
}

/** How many of its declared fields a log source finds in a record; none where the record isn't one of its own. */
function fieldsKnown(raw: RawRecord, source: LogSource): number {
  if (typeof raw === 'string') return readLine(raw, source) === undefined ? 0 : source.fields.size;
  const record = toCanonical(raw, source);
  const by = operationOf(source)?.operation.by ?? [];
  const tells = by.some(({ field }) => textsIn(record, field, source).length > 0);
  if (!tells || eventTime(record, source) === undefined) return 0;
  return [...source.fields.keys()].filter((name) => textsIn(record, name, source).length > 0)
    .length;
}
