import type { Backend } from '#backend';
import { mappingsOf } from '../../src/fields/mappings.ts';
import { eventTime } from '../../src/logsource/event-time.ts';
import type { LogSource } from '../../src/logsource/log-source.ts';
import { fieldValues } from '../../src/logsource/record.ts';
import { foldCase } from '../../src/match/case-fold.ts';
import type { Baseline } from '../../src/plan/baselines.ts';
import { expressionOf } from '../../src/plan/build-outputs.ts';
import { compilePredicate } from '../../src/plan/compile-predicate.ts';
import { fieldsIn } from '../../src/plan/fields-of.ts';
import type { RawRecord } from './meaning.ts';

/** A row by its columns; times in seconds since 1970. */
export type SurveyRow = Readonly<Record<string, string | number>>;

/** What the health of a log is: counted on the records themselves. */
export function healthOf(
  source: LogSource,
  records: readonly RawRecord[],
  since: number,
): SurveyRow | undefined {
  const recent = records.filter((record) => (eventTime(record, source) ?? 0) >= since);
  if (recent.length === 0) return undefined;
  const parts = [...source.health].flatMap(([name, fields]) => {
    const of = fields.flatMap((field) => expressionOf(source, field) ?? []);
    const values = recent.map((record) =>
      valuesOf(record, fieldsIn({ kind: 'coalesce', of }), source),
    );
    return [
      [name, values.filter(({ length }) => length > 0).length],
      [`${name}_values`, new Set(values.flat()).size],
    ] as const;
  });
  return {
    event_count: recent.length,
    newest: Math.max(...recent.map((record) => (eventTime(record, source) ?? 0) / 1000)),
    ...Object.fromEntries(parts),
  };
}

/** A log source without the fields that a query's comment says it doesn't count. */
export function withoutUntold(source: LogSource, query: string): LogSource {
  const parts = [...source.health].map(([part, names]) => {
    const known = names.filter((name) => !query.includes(`Not counted as ${part}: ${name}.`));
    return [part, known] as const;
  });
  return { ...source, health: new Map(parts) };
}

/** What a list should hold: found in the records themselves, the entries in their order. */
export function baselineOf(
  { plan, value }: Baseline,
  records: readonly RawRecord[],
  since: number,
  atLeast: number,
): readonly SurveyRow[] {
  const holds = compilePredicate(plan.where);
  const times = new Map<string, number[]>();
  for (const record of records) {
    const time = eventTime(record, plan.source) ?? 0;
    if (time < since || !holds(record)) continue;
    for (const entry of new Set(valuesOf(record, fieldsIn(value), plan.source)))
      times.set(entry, [...(times.get(entry) ?? []), time / 1000]);
  }
  const rows = [...times].map(([entry, seen]) => ({
    entry,
    event_count: seen.length,
    first_seen: Math.min(...seen),
    last_seen: Math.max(...seen),
  }));
  return rows.filter((row) => row.event_count >= atLeast).sort(byEntry);
}

/** The values of the first field that the record has, in lower case where their letter case is no matter. */
function valuesOf(
  record: RawRecord,
  fields: ReturnType<typeof fieldsIn>,
  { foldsCase }: LogSource,
): readonly string[] {
  for (const field of fields) {
    const values = fieldValues(record, field).filter((value) => value !== '');
    if (values.length > 0) return foldsCase ? values.map(foldCase) : values;
  }
  return [];
}

/** The rows of a survey's query on records in each layout of a target and under each of some readings. */
export function runSurvey(
  backend: Backend,
  source: LogSource,
  query: string,
  records: readonly RawRecord[],
  now: number,
  readings: readonly Readonly<Record<string, string>>[] = [{}],
): readonly { readonly about: string; readonly rows: readonly SurveyRow[] }[] {
  const mapping = mappingsOf(backend).find((one) => one.source === source.name);
  if (mapping === undefined) throw new Error(`${backend.id} has no mapping of ${source.name}`);
  const run = backend.prepare(query);
  return mapping.variants.flatMap((variant) =>
    readings.map((switches) => {
      const events = records.map((record) => backend.layout(record, { source, mapping, variant }));
      const { columns, rows } = run(events, { now, switches });
      const named = rows.map((row) =>
        Object.fromEntries(
          columns.flatMap(({ name }, at) =>
            name === 'metadata.log_type' ? [] : [[name, plain(name, row[at])] as const],
          ),
        ),
      );
      return { about: JSON.stringify([variant, switches]), rows: named };
    }),
  );
}

/** A time of any target in seconds; texts and counts as they are. */
function plain(column: string, value: unknown): string | number {
  const isTime = ['newest', 'first_seen', 'last_seen'].includes(column);
  if (isTime && typeof value === 'string' && value.includes('-')) return Date.parse(value) / 1000;
  return column === 'entry' ? String(value) : Number(value);
}

/** Rows in the order of their entries, whatever order a target gives them. */
export function byEntry(a: SurveyRow, b: SurveyRow): number {
  const [x, y] = [String(a['entry']), String(b['entry'])];
  return x < y ? -1 : x > y ? 1 : 0;
}
