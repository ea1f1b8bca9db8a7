/** A shape in which records of a log come, where that isn't the canonical one. */
export type Form = LineForm | JsonForm;

/** Records that are lines of text. */
export interface LineForm {
  readonly kind: 'line';
  readonly name: string;
  /** The regular expression that finds the record in a text. */
  readonly line: string;
  /** The group that each canonical field is read from. */
  readonly fields: ReadonlyMap<string, string>;
  /** The line of a record: texts and the canonical fields between them. */
  readonly write: readonly WritePart[];
  /** A line in which every field has a value. */
  readonly example: string;
}

/** A part of a line that is written: a text as it stands, or the value of a field. */
export type WritePart = { readonly text: string } | { readonly field: string };

/** Records that are JSON of another shape. */
export interface JsonForm {
  readonly kind: 'json';
  readonly name: string;
  /** What a record of this form has, all of it. */
  readonly has: readonly RawPath[];
  /**
   * Where in the record the canonical one stands, but for `fields`; an empty path is the record itself. Without it
   * there are `fields` only.
   */
  readonly within: RawPath | undefined;
  /** Where each canonical field, or whole subtree, comes from. */
  readonly fields: ReadonlyMap<string, readonly Origin[]>;
}

/** The keys that lead to a value, which may hold dots. */
export type RawPath = readonly string[];

/** A place that a value comes from. */
export interface Origin {
  readonly from: RawPath;
  /** A regular expression whose first group is the value. */
  readonly match: string | undefined;
  /** Fields of which each has to be one of some texts. */
  readonly when: readonly { readonly path: RawPath; readonly texts: readonly string[] }[];
}
