import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Bound, CorrelationType } from '../rule/rule.ts';
import type { Span } from '../text/span.ts';

export type { Bound, CorrelationType };

import type { EventPlan, Expression, RuleFacts, Schedule, Suppression } from './event-plan.ts';

/**
 * Events of several rules, grouped, within a sliding window. A hit is a group and its completing event e
 * when the group's events in [time(e) - window, time(e)], both ends included, satisfy the condition: all
 * that happened at the time of e counts, in whatever order it came.
 *
 * The events of all log sources are one stream. An event is in a group when a member's rule finds it and its values of
 * the member's keys are the group's. Absent or empty in a key: it takes no part. Several values: one group for each
 * distinct one.
 */
export interface CorrelationPlan {
  readonly kind: 'correlation';
  readonly rule: RuleFacts;
  /** Of its events, each once, in the order of the members. */
  readonly sources: readonly [LogSource, ...LogSource[]];
  readonly type: CorrelationType;
  readonly members: readonly Member[];
  /** What `group-by` names; without it all events are one group. */
  readonly groupBy: readonly GroupKey[];
  /** Milliseconds. */
  readonly window: number;
  readonly condition: CorrelationCondition;
  readonly outputs: readonly CorrelationOutput[];
  readonly schedule: Schedule | undefined;
  readonly suppress: Suppression | undefined;
  /** Losses that the author accepts, by target. */
  readonly approximate: ReadonlyMap<string, readonly Approximation[]>;
  /** Where the rule says its type, its time span and its condition. */
  readonly spans: { readonly type: Span; readonly window: Span; readonly condition: Span };
  /** Whether no event can be found by two members: shown by the values that their rules ask for. */
  readonly disjoint: boolean;
}

/** A group-by field or alias. */
export interface GroupKey {
  readonly name: string;
  /** Values that differ only in case are one (a source says `fold: case`); else they compare exactly. */
  readonly fold: boolean;
  readonly span: Span;
}

/** A rule that takes part. Lists are parallel to `groupBy`, to the condition's fields and to `outputs`. */
export type Member<Plan = EventPlan, Ref = Field, Nested = CorrelationPlan> =
  | EventMember<Plan, Ref>
  | NestedMember<Nested>;

/** Each event that the rule finds. */
export interface EventMember<Plan = EventPlan, Ref = Field> {
  readonly kind: 'event';
  /** How the correlation calls the rule. */
  readonly name: string;
  readonly span: Span;
  readonly plan: Plan;
  readonly keys: readonly Expression<Ref>[];
  readonly values: readonly Expression<Ref>[];
  readonly outputs: readonly (Expression<Ref> | undefined)[];
}

/** Each hit of another correlation, at its completing event's time; of it only the group is known, by index. */
export interface NestedMember<Nested = CorrelationPlan> {
  readonly kind: 'nested';
  readonly name: string;
  readonly span: Span;
  readonly plan: Nested;
  readonly keys: readonly number[];
  readonly values: readonly number[];
  readonly outputs: readonly (number | undefined)[];
}

/** What must hold of a group's events within the window. */
export type CorrelationCondition =
  /** The number of different events. */
  | { readonly kind: 'count'; readonly bounds: readonly Bound[] }
  /** The number of distinct values; of several fields: of tuples. Absent and empty are no values. */
  | {
      readonly kind: 'distinct';
      readonly fields: readonly ValueField[];
      readonly bounds: readonly Bound[];
    }
  /** The sum or the mean of all values that are numbers; of none there is no mean, and the sum is 0. */
  | {
      readonly kind: 'sum' | 'avg';
      readonly fields: readonly [ValueField];
      readonly bounds: readonly Bound[];
    }
  /**
   * Of n numbers in order, counted from 0, the one at floor(percentile * n / 100), at most the last; of none: false.
   */
  | {
      readonly kind: 'percentile';
      readonly percentile: number;
      readonly fields: readonly [ValueField];
      readonly bounds: readonly Bound[];
    }
  /** The number of members that found something. */
  | { readonly kind: 'members'; readonly bounds: readonly Bound[] }
  /** Which members found something. */
  | { readonly kind: 'presence'; readonly of: Presence }
  /** One event for each member, all different, in the members' order: each time at or after the one before. */
  | { readonly kind: 'ordered' };

/** A field whose values are counted or computed with. */
export interface ValueField {
  readonly name: string;
  readonly fold: boolean;
  readonly span: Span;
}

/** Whether members, by index, found something in the window. */
export type Presence =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Presence[] }
  | { readonly kind: 'not'; readonly of: Presence }
  | { readonly kind: 'member'; readonly index: number };

/** What an alert shows: the set of the values that the hit's events have, each member by its own expression. */
export interface CorrelationOutput {
  readonly role: 'entity' | 'detail';
  readonly name: string;
  readonly span: Span;
}

/** A declared loss: `window-tumbling`, `window-hop`. */
export interface Approximation {
  readonly code: string;
  readonly span: Span;
}
