import type { Span } from '../text/span.ts';

/** What a mutation does to a rule. */
export type MutationKind =
  | 'drop-item'
  | 'drop-value'
  | 'drop-part'
  | 'negate'
  | 'operator'
  | 'drop-not'
  | 'widen'
  | 'case'
  | 'number'
  | 'window'
  | 'group-by'
  | 'base-rule'
  | 'order';

/** Text that takes the place of what stands between two offsets of a file. */
export interface Edit extends Pick<Span, 'start' | 'end'> {
  readonly text: string;
}

/** A small slip in a rule, as somebody could make it in the rule's file: tests that bite fail on it. */
export interface Mutant {
  readonly kind: MutationKind;
  /** What is changed: `selection.eventName`. */
  readonly place: string;
  /** What becomes of it: `without "CopyImage"`. */
  readonly change: string;
  /** None overlaps another. */
  readonly edits: readonly Edit[];
}

/** The name by which people and test files call a mutant; unique among those of a rule file. */
export function nameOf({ place, change }: Mutant): string {
  return `${place}: ${change}`;
}
