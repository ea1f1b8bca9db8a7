import type { Field } from '../logsource/field.ts';
import type { Relation } from '../match/compile-relation.ts';
import type { Pattern } from '../match/pattern.ts';
import type { Test } from '../match/test.ts';
import type { Span } from '../text/span.ts';

/**
 * What must hold of one event. Two-valued: a test of an absent field is false, `not` is the
 * complement. The leaves are in Sigma's names or, after mapping, at places of a target.
 */
export type Predicate<Leaf = FieldLeaf> = All<Leaf> | Any<Leaf> | Not<Leaf> | Leaf | Keyword;

/** What a predicate says of fields. */
export type FieldLeaf = FieldTest | FieldPair | FieldElement;

/** Every part holds; of nothing: true. */
export interface All<Leaf = FieldLeaf> {
  readonly kind: 'all';
  readonly of: readonly Predicate<Leaf>[];
}
/** Some part holds; of nothing: false. */
export interface Any<Leaf = FieldLeaf> {
  readonly kind: 'any';
  readonly of: readonly Predicate<Leaf>[];
}
/** The part doesn't hold. */
export interface Not<Leaf = FieldLeaf> {
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
/** Some value of the field stands so to some value of the other; false where either is absent. */
export interface FieldPair {
  readonly kind: 'pair';
  readonly field: Field;
  readonly other: Field;
  readonly relation: Relation;
  readonly cased: boolean;
  readonly span: Span;
}
/**
 * Some element of an array satisfies the predicate, whose fields are the element's own: paths from the
 * element, of which the empty one is the element itself.
 */
export interface FieldElement {
  readonly kind: 'element';
  /** Its last step is the array. */
  readonly array: Field;
  readonly where: Predicate;
  readonly span: Span;
}
/** The event's raw text, as the source declares it, matches the pattern (`*word*`). */
export interface Keyword {
  readonly kind: 'keyword';
  readonly pattern: Pattern;
  readonly cased: boolean;
  /** The line of records that came as lines; without it, always the record as JSON. */
  readonly raw?: 'line';
  readonly span: Span;
}
