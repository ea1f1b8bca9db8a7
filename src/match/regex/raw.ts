/** Where in the regular expression's text, in UTF-16 units. */
export interface At {
  readonly start: number;
  readonly end: number;
}

/** What the grammar yields: flags still stand where the text has them. */
export type RawRegex =
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'any' | 'start' | 'end' | 'text-start' | 'text-end' }
  | { readonly kind: 'word-boundary'; readonly negated: boolean }
  | { readonly kind: 'class'; readonly negated: boolean; readonly items: readonly RawItem[] }
  | { readonly kind: 'concat' | 'alternate'; readonly of: readonly RawRegex[] }
  | RawRepeat
  | { readonly kind: 'group'; readonly flags?: RawFlags; readonly of: RawRegex }
  | ({ readonly kind: 'flags' } & RawFlags);

/** A repetition; `max: null` is without bound. */
export interface RawRepeat {
  readonly kind: 'repeat';
  readonly of: RawRegex;
  readonly min: number;
  readonly max: number | null;
  readonly possessive: boolean;
  readonly at: At;
}

/** Letters of flags that are set and cleared. */
export interface RawFlags {
  readonly set: string;
  readonly clear: string;
  readonly at: At;
}

/** A part of a bracketed class. */
export type RawItem =
  | { readonly from: string; readonly to: string; readonly at: At }
  | { readonly name: string; readonly negated: boolean; readonly at?: At };
