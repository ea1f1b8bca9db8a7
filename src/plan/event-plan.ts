import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Span } from '../text/span.ts';
import type { Predicate } from './predicate.ts';

/** Each matching event is a hit. */
export interface EventPlan {
  readonly kind: 'event';
  readonly rule: RuleFacts;
  readonly source: LogSource;
  readonly where: Predicate;
  /** What an alert shows: entities and details, in the rule's order. */
  readonly outputs: readonly Output[];
  readonly schedule: Schedule | undefined;
  readonly suppress: Suppression | undefined;
}

/**
 * When a rule runs: every so often, at whole multiples of that time since 1970 UTC, on a stream whose
 * records come at most `delay` after they happened. Milliseconds.
 */
export interface Schedule {
  readonly every: number;
  readonly delay: number;
  readonly span: Span;
}

/**
 * How often a rule alerts of the same: after an alert no other in which all of these have the same values, for
 * so many milliseconds. It is about alerts, not about hits, and no part of what the rule means.
 */
export interface Suppression {
  readonly for: number;
  /** Names of outputs and, of a correlation, of what it groups by; an output with a key's name shows the key. */
  readonly by: readonly string[];
  readonly span: Span;
  /** Where the time stands, and each of the names. */
  readonly spans: { readonly for: Span; readonly by: readonly Span[] };
}

/** What a query's header and the manifest say of a rule. */
export interface RuleFacts {
  readonly id: string | undefined;
  readonly title: string;
  readonly description: string | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly level: string | undefined;
  readonly status: string | undefined;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly version: string | undefined;
  /** Where the rule stands in its file. */
  readonly span: Span;
}

/** A named value shown with each alert. */
export interface Output {
  readonly role: 'entity' | 'detail';
  readonly name: string;
  readonly value: Expression<Field>;
  readonly span: Span;
}

/** A value computed from fields; of `coalesce` the first that the event has. */
export type Expression<Ref> =
  | { readonly kind: 'field'; readonly field: Ref }
  | { readonly kind: 'coalesce'; readonly of: readonly Expression<Ref>[] };
