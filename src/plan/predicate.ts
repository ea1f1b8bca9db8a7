import type { Field } from '../logsource/field.ts';
import type { Pattern } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import type { Span } from '../text/span.ts';

/**
 * What must hold of one event. Two-valued: a test of an absent field is false, `not` is the
 * complement. The leaves are in Sigma's names or, after mapping, at places of a target.
 */
export type Predicate<Leaf = FieldTest> = All<Leaf> | Any<Leaf> | Not<Leaf> | Leaf | Keyword;

/** Every part holds; of nothing: true. */
export interface All<Leaf = FieldTest> {
  readonly kind: 'all';
  readonly of: readonly Predicate<Leaf>[];
}
/** Some part holds; of nothing: false. */
export interface Any<Leaf = FieldTest> {
  readonly kind: 'any';
  readonly of: readonly Predicate<Leaf>[];
}
/** The part doesn't hold. */
export interface Not<Leaf = FieldTest> {
  readonly kind: 'not';
  readonly of: Predicate<Leaf>;
}
/** Some value of the field passes the test. */
export interface FieldTest {
  readonly kind: 'field';
  readonly field: Field;
  readonly test: Test;
  /** Where the rule says so. */
  readonly span: Span;
}
/** The event's raw text, as the source declares it, matches the pattern (`*word*`). */
export interface Keyword {
  readonly kind: 'keyword';
  readonly pattern: Pattern;
  readonly cased: boolean;
  readonly span: Span;
}
