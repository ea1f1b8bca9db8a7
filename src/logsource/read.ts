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
    });
  }
  const derived = new Map<string, Derivation>();
  for (const [name, { coalesce }] of Object.entries(document.derived ?? {})) {
    derived.set(name, { kind: 'coalesce', of: coalesce });
  }
  return {
    name: document.name,
    title: document.title,
    match: document.match,
    time: document.time,
    precision: document.precision ?? 'millisecond',
    unit: document.unit,
    foldsCase: document.fold === 'case',
    raw: document.raw,
    fields,
    open: document.open ?? [],
    arrays,
    aliases: new Map(Object.entries(document.aliases ?? {})),
    derived,
  };
}
