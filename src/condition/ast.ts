import type { Span } from '../text/span.ts';

/** A condition over selections; spans are offsets in the condition's own text. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'selection'; readonly name: string; readonly span: Span }
  | Quantified;

/** `1 of`, `any of` or `all of` the selections that a pattern names; `them` is the pattern `*`. */
export interface Quantified {
  readonly kind: 'quantified';
  readonly quantifier: 'any' | 'all';
  readonly pattern: string;
  readonly span: Span;
}
