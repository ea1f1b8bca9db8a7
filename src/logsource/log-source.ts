import type { Field } from './field.ts';
import type { Form, Origin } from './form.ts';
import type { Operation } from './operation.ts';

/** The logs of one product's service: what its records hold and what Sigma calls them. */
export interface LogSource {
  /** `aws/cloudtrail`: the name of its file and what `--source` takes. */
  readonly name: string;
  readonly title: string;
  /** What a rule's `logsource` must say to mean this source. */
  readonly match: LogSourceKey;
  /** The field that holds the event's time, ISO 8601. */
  readonly time: string;
  /** How exact that time is; no event has a finer one. */
  readonly precision: 'second' | 'millisecond';
  /** The field that is the same in every record of one operation and differs between operations. */
  readonly unit: string | undefined;
  /** Whether values that differ only in case are one where events are grouped or values counted. */
  readonly foldsCase: boolean;
  /**
   * The text that keywords search, if any: the record as compact JSON, or the field `line` of a record that
   * came as a line (and compact JSON of one that came as JSON).
   */
  readonly raw: 'json' | 'line' | undefined;
  /** The declared fields by canonical name. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Paths below which any field of any type may occur. */
  readonly open: readonly string[];
  /** Array steps below open paths, as path patterns (`*` one step, `**` any steps). */
  readonly arrays: readonly string[];
  /** Sigma's other names for fields. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Fields computed from others. */
  readonly derived: ReadonlyMap<string, Derivation>;
  /** Other shapes in which records come; the first that a record has is its form. */
  readonly forms: readonly Form[];
  /** Canonical fields that are made of others where a record lacks them. */
  readonly extract: ReadonlyMap<string, readonly Origin[]>;
  /** What its records should tell (`identity`), by the fields or derived fields of which they have any. */
  readonly health: ReadonlyMap<string, readonly string[]>;
  /** How its records tell what was done, if the log source says. */
  readonly operation: Operation | undefined;
}

/** Sigma's `logsource` triple; what is left out is free. */
export interface LogSourceKey {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** How a derived field is computed: the first of the named fields that the record has. */
export interface Derivation {
  readonly kind: 'coalesce';
  readonly of: readonly string[];
}
