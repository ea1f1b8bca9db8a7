import { eventTime } from '../logsource/event-time.ts';
import { readLine, toCanonical } from '../logsource/forms.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Condition, Operation } from '../logsource/operation.ts';
import { foldCase } from '../match/case-fold.ts';
import { asksOf, type RawRecord, textsIn } from './facts.ts';
import { operationOf } from './operation-of.ts';

/** How much better than any other a log source has to know a record. */
const clearly = 2;

/**
 * The log sources that a record may be of: those that find in it its time and what was done, and nothing that is of
 * another log; where one finds how that ended, only such. If one of them knows twice as many of its fields as any other, it is the only one.
 */
export function sourcesFor(raw: RawRecord, sources: readonly LogSource[]): readonly LogSource[] {
  const all = sources.flatMap((source) => known(raw, source) ?? []);
  const ended = all.filter(({ ends }) => ends);
  const candidates = (ended.length > 0 ? ended : all).sort((a, b) => b.fields - a.fields);
  const [best, next] = candidates;
  const alone = best !== undefined && (next === undefined || best.fields >= clearly * next.fields);
  return (alone ? [best] : candidates).map(({ source }) => source);
}

/** What a log source finds in a record. */
interface Known {
  readonly source: LogSource;
  /** How many of its declared fields. */
  readonly fields: number;
  /** Whether it finds how the operation ended, if its records tell that. */
  readonly ends: boolean;
}

/** Nothing where the record isn't one of the log source. */
function known(raw: RawRecord, source: LogSource): Known | undefined {
  if (typeof raw === 'string') {
    const isRead = readLine(raw, source) !== undefined;
    return isRead ? { source, fields: source.fields.size, ends: true } : undefined;
  }
  const record = toCanonical(raw, source);
  const has = (name: string): boolean => textsIn(record, name, source).length > 0;
  const { operation } = operationOf(source) ?? {};
  if (operation === undefined || eventTime(record, source) === undefined) return undefined;
  if (asksOf(record, source, operation).length === 0) return undefined;
  if (operation.of.some((one) => contradicts(one, record, source))) return undefined;
  const fields = [...source.fields.keys()].filter(has).length;
  return { source, fields, ends: endings(operation).every(has) };
}

/** That a record has a field, and none of the texts that it has in this log. */
function contradicts({ field, texts }: Condition, record: unknown, source: LogSource): boolean {
  const own = new Set(texts.map(foldCase));
  const found = textsIn(record, field, source).filter((text) => text !== '');
  return found.length > 0 && !found.some((text) => own.has(foldCase(text)));
}

/** The fields that tell that an operation succeeded. */
function endings({ succeeded }: Operation): readonly string[] {
  return Object.entries(succeeded).flatMap(([key, value]) =>
    value === null ? [] : [key.split('|', 1)[0] ?? key],
  );
}
