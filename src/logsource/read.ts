import { type DerivedDocument, derivations } from './derived.ts';
import type { Field, FieldType } from './field.ts';
import type { LogSource, LogSourceKey } from './log-source.ts';
import { type OperationDocument, readOperation } from './operation.ts';
import { type FormDocument, type OriginDocument, readForms, readOrigins } from './read-forms.ts';
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
  readonly raw?: 'json' | 'line';
  readonly never?: Field['never'];
  readonly fields: Readonly<Record<string, FieldDocument | null>>;
  readonly open?: readonly string[];
  readonly arrays?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly derived?: DerivedDocument;
  readonly forms?: Readonly<Record<string, FormDocument>>;
  readonly extract?: Readonly<Record<string, OriginDocument>>;
  readonly health?: Readonly<Record<string, string | readonly string[]>>;
  readonly operation?: OperationDocument;
}

interface FieldDocument {
  readonly type?: FieldType;
  readonly never?: Field['never'];
  readonly uniform?: boolean;
  readonly same?: Field['same'];
  readonly values?: readonly string[];
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
      same: given?.same ?? [],
      values: given?.values,
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
    forms: readForms(document.forms ?? {}),
    extract: readOrigins(document.extract ?? {}),
    health: new Map(
      Object.entries(document.health ?? {}).map(([part, given]) => [
        part,
        typeof given === 'string' ? [given] : given,
      ]),
    ),
    operation: document.operation === undefined ? undefined : readOperation(document.operation),
  };
}

/** What rules say of their log source is compared in lower case. */
function inLowerCase(match: LogSourceKey): LogSourceKey {
  return Object.fromEntries(
    Object.entries(match).map(([part, text]: [string, string]) => [part, text.toLowerCase()]),
  );
}

/** The schema lets one field be named. */
function onlyOf(given: FieldDocument['only']): Field['only'] {
  const [[field, equals] = []] = Object.entries(given ?? {});
  return field === undefined || equals === undefined ? undefined : { field, equals };
}
