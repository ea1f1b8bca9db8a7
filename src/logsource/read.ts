import type { Field, FieldType } from './field.ts';
import type { Derivation, LogSource, LogSourceKey } from './log-source.ts';
import { stepsOf } from './resolve.ts';

/** A log source file's content; its form has been checked against the schema. */
export interface LogSourceDocument {
  readonly name: string;
  readonly title: string;
  readonly match: LogSourceKey;
  readonly time: string;
  readonly precision?: LogSource['precision'];
  readonly unit?: string;
  readonly fold?: 'case';
  readonly raw?: 'json';
  readonly never?: Field['never'];
  readonly fields: Readonly<Record<string, FieldDocument | null>>;
  readonly open?: readonly string[];
  readonly arrays?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly derived?: Readonly<Record<string, { readonly coalesce: readonly string[] }>>;
}

interface FieldDocument {
  readonly type?: FieldType;
  readonly never?: Field['never'];
  readonly uniform?: boolean;
  readonly only?: Readonly<Record<string, string>>;
}

/** Makes a log source of a checked document. */
export function readLogSource(document: LogSourceDocument): LogSource {
  const arrays = document.arrays ?? [];
  const fields = new Map<string, Field>();
  for (const [name, given] of Object.entries(document.fields)) {
    const steps = stepsOf({ arrays }, name);
    fields.set(name, {
      name,
      steps,
      type: given?.type ?? 'string',
      many: steps.some((step) => step.array),
      uniform: given?.uniform ?? false,
      never: given?.never ?? document.never ?? [],
      only: onlyOf(given?.only),
    });
  }
  return {
    name: document.name,
    title: document.title,
    match: inLowerCase(document.match),
    time: document.time,
    precision: document.precision ?? 'millisecond',
    unit: document.unit,
    foldsCase: document.fold === 'case',
    raw: document.raw,
    fields,
    open: document.open ?? [],
    arrays,
    aliases: new Map(Object.entries(document.aliases ?? {})),
    derived: derivations(document.derived ?? {}),
  };
}

/** What rules say of their log source is compared in lower case. */
function inLowerCase(match: LogSourceKey): LogSourceKey {
  return Object.fromEntries(
    Object.entries(match).map(([part, text]: [string, string]) => [part, text.toLowerCase()]),
  );
}

/** Derived fields in terms of fields of the record: one that another is made of stands for its own parts. */
function derivations(
  given: NonNullable<LogSourceDocument['derived']>,
): ReadonlyMap<string, Derivation> {
  const known = new Map<string, readonly string[]>();
  const partsOf = (name: string): readonly string[] => {
    const parts = Object.hasOwn(given, name) ? given[name]?.coalesce : undefined;
    if (parts === undefined) return [name];
    const made = known.get(name);
    if (made !== undefined) return made;
    known.set(name, []);
    const of = [...new Set(parts.flatMap(partsOf))];
    known.set(name, of);
    return of;
  };
  return new Map(Object.keys(given).map((name) => [name, { kind: 'coalesce', of: partsOf(name) }]));
}

/** The schema lets one field be named. */
function onlyOf(given: FieldDocument['only']): Field['only'] {
  const [[field, equals] = []] = Object.entries(given ?? {});
  return field === undefined || equals === undefined ? undefined : { field, equals };
}
