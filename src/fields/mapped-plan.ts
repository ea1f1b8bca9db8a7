import type { Field, Step } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Relation } from '../match/compile-relation.ts';
import type { Test } from '../match/test.ts';
import type {
  Approximation,
  CorrelationPlan,
  EventMember,
  NestedMember,
} from '../plan/correlation.ts';
import type { Expression, RuleFacts, Schedule, Suppression } from '../plan/event-plan.ts';
import type { Predicate } from '../plan/predicate.ts';
import type { Span } from '../text/span.ts';
import type { Evidence, Mapping, Place } from './mapping.ts';

/** An event plan whose leaves name places of one target. */
export interface MappedPlan {
  readonly kind: 'event';
  readonly rule: RuleFacts;
  readonly source: LogSource;
  readonly mapping: Mapping;
  /** Canonical form (`normalize`); never constant. */
  readonly where: Predicate<PlaceLeaf>;
  readonly outputs: readonly MappedOutput[];
  readonly schedule: Schedule | undefined;
  readonly suppress: Suppression | undefined;
  readonly evidence: Evidence;
}

/**
 * A correlation whose members name places of one target. A key's or counted value's place never says
 * absence otherwise than by being absent or empty, or by holding its place's `absent` text.
 */
export interface MappedCorrelation extends Omit<CorrelationPlan, 'members' | 'approximate'> {
  /** One for each of `sources`, in their order. */
  readonly mappings: readonly [Mapping, ...Mapping[]];
  readonly members: readonly MappedMember[];
  /** The losses that the author accepts on this target. */
  readonly approximate: readonly Approximation[];
  readonly evidence: Evidence;
}

/** A member of a mapped correlation; an output is missing where the target has no place for it. */
export type MappedMember = EventMember<MappedPlan, MappedPlace> | NestedMember<MappedCorrelation>;

/**
 * Some value at the place passes the test. Only `exists` tests can be true of what the target forgets
 * or of the text that stands for absence: all others are guarded by one where that matters.
 */
export interface PlaceTest {
  readonly kind: 'field';
  readonly at: MappedPlace;
  readonly test: Test;
  readonly span: Span;
}

/** What a mapped predicate says of places. */
export type PlaceLeaf = PlaceTest | PlacePair | PlaceElement;

/** Some value at the place stands so to some value at the other. Guarded by tests of presence where that matters. */
export interface PlacePair {
  readonly kind: 'pair';
  readonly at: MappedPlace;
  readonly other: MappedPlace;
  readonly relation: Relation;
  readonly cased: boolean;
  readonly span: Span;
}

/**
 * Some element of the array at the place satisfies the predicate. The places of its leaves are those of the
 * whole fields; the steps of their fields begin at the element, and so `rest` says nothing there.
 */
export interface PlaceElement {
  readonly kind: 'element';
  readonly at: MappedPlace;
  readonly where: Predicate<PlaceLeaf>;
  readonly span: Span;
}

/** A place together with the field that it keeps. */
export interface MappedPlace {
  readonly field: Field;
  readonly place: Place;
  /** What `*` in the place's path stands for: the rest of the canonical path behind the entry's prefix. */
  readonly rest: readonly Step[];
}

/** An output whose fields are places. */
export interface MappedOutput {
  readonly role: 'entity' | 'detail';
  readonly name: string;
  readonly value: Expression<MappedPlace>;
  readonly span: Span;
}
