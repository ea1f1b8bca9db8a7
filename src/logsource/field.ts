/**
 * A field of a log source under its canonical name: the raw record's path with array steps left
 * silent (`requestParameters.instancesSet.items.instanceId`).
 */
export interface Field {
  readonly name: string;
  /** The steps of the path; a step that is an array stands for each of its elements. */
  readonly steps: readonly Step[];
  readonly type: FieldType;
  /** Whether one record may hold several values. */
  readonly many: boolean;
  /** Whether the several values of one record are always the same text. */
  readonly uniform: boolean;
  /** Texts that say the same, in groups: a rule that asks for one asks for all of its group. */
  readonly same: readonly (readonly string[])[];
  /** The only texts that the field ever holds, if they are few. */
  readonly values?: readonly string[] | undefined;
  /** The only events that have the field: those where another field equals a text. */
  readonly only?: { readonly field: string; readonly equals: string } | undefined;
  /** What the source never carries in this field. */
  readonly never: readonly (Forgettable | 'null')[];
}

/** One key of a raw path. */
export interface Step {
  readonly key: string;
  readonly array: boolean;
}

/** `address`: an IP address or a host name, never with a prefix length. `any`: text, number or boolean. */
export type FieldType = 'string' | 'number' | 'boolean' | 'address' | 'any';

/** Values that a target may be unable to tell from an absent field: `""`, 0, false. */
export type Forgettable = 'empty' | 'zero' | 'false';

/** The canonical text of each forgettable value. */
export const forgottenText: Readonly<Record<Forgettable, string>> = {
  empty: '',
  zero: '0',
  false: 'false',
};
