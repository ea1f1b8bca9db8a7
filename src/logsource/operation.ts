/** What records of a log tell of what was done: where new rules begin. */
export interface Operation {
  /** What tells records of this log from those of others, in any case, where they have these fields. */
  readonly of: readonly Condition[];
  /** The fields that tell what was done, the widest first. */
  readonly by: readonly OperationField[];
  /** What a rule asks of records of what succeeded, as items of a selection. */
  readonly succeeded: Items;
  /** What a rule leaves out, because records of what failed have it. */
  readonly failed: Items;
  /** Fields and values that make any record one of what failed. */
  readonly failedExample: Items;
  /** Fields that only records of what failed have, whatever a rule asks of them. */
  readonly failedWith: readonly string[];
  /** Records, as fields and their values; a line is made of the first line form's example with them. */
  readonly examples: readonly Items[];
}

/** Keys of a selection, or fields, and their values. */
export type Items = Readonly<Record<string, unknown>>;

/** That a field has one of some texts. */
export interface Condition {
  readonly field: string;
  readonly texts: readonly string[];
}

/** A field that tells what was done. */
export interface OperationField {
  readonly field: string;
  /** Only of records in which these fields have one of these texts. */
  readonly when: readonly Condition[];
  /** A regular expression whose first group is the end of the value that a rule asks for, instead of all of it. */
  readonly end: string | undefined;
}

/** An operation as a log source file gives it. */
export interface OperationDocument {
  readonly of?: Conditions;
  readonly by?: readonly (string | OperationFieldDocument)[];
  readonly succeeded?: Items;
  readonly failed?: Items;
  readonly failedExample?: Items;
  readonly failedWith?: readonly string[];
  readonly examples?: readonly Items[];
}

/** Fields, each with its text or its texts. */
type Conditions = Readonly<Record<string, string | readonly string[]>>;

interface OperationFieldDocument {
  readonly field: string;
  readonly when?: Conditions;
  readonly end?: string;
}

/** Makes an operation of a checked document. */
export function readOperation({ by = [], ...rest }: OperationDocument): Operation {
  const {
    of = {},
    succeeded = {},
    failed = {},
    failedExample = {},
    failedWith = [],
    examples = [],
  } = rest;
  return {
    of: conditionsOf(of),
    by: by.map(fieldOf),
    succeeded,
    failed,
    failedExample,
    failedWith,
    examples,
  };
}

function fieldOf(given: string | OperationFieldDocument): OperationField {
  const { field, when = {}, end } = typeof given === 'string' ? { field: given } : given;
  return { field, when: conditionsOf(when), end };
}

function conditionsOf(given: Conditions): readonly Condition[] {
  return Object.entries(given).map(([field, texts]) => ({
    field,
    texts: typeof texts === 'string' ? [texts] : texts,
  }));
}
