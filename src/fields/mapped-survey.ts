import type { Expression } from '../plan/event-plan.ts';
import type { Predicate } from '../plan/predicate.ts';
import type { MappedPlace, MappedPlan, PlaceLeaf } from './mapped-plan.ts';

/** A query that is no rule: it counts events of the last while, up to the time of the run. */
export type MappedSurvey = MappedHealth | MappedBaseline;

interface Survey {
  /**
   * The events to count, of which there may be no condition at all; without outputs and schedule. What its rule
   * is called goes into the query's comment.
   */
  readonly plan: MappedPlan;
  /** How far back it looks. Milliseconds. */
  readonly window: number;
  /** Lines for the reader, which the query holds as a comment. */
  readonly comments: readonly string[];
}

/**
 * Whether a log arrives with what its rules are about. One row: `event_count`, `newest` (the time of the
 * newest event), then for each part under its own name how many events have it and, if it has a value, under
 * `<name>_values` how many distinct values there are, exactly.
 */
export interface MappedHealth extends Survey {
  readonly kind: 'health';
  readonly parts: readonly MappedPart[];
}

/** What events should have. */
export interface MappedPart {
  readonly name: string;
  readonly has: Predicate<PlaceLeaf>;
  /** What its distinct values are told by; nothing where the target can't tell them. */
  readonly value: Expression<MappedPlace> | undefined;
}

/**
 * What a list should hold: a row for each value that `atLeast` events have, the most frequent first:
 * `entry`, `event_count`, `first_seen` and `last_seen`. An event with several values counts for each of them.
 */
export interface MappedBaseline extends Survey {
  readonly kind: 'baseline';
  readonly list: string;
  readonly value: Expression<MappedPlace>;
  readonly atLeast: number;
}

/** The column of a list's entries. */
export const entryColumn = 'entry';

/** The other columns. */
export const surveyColumns = {
  count: 'event_count',
  newest: 'newest',
  first: 'first_seen',
  last: 'last_seen',
} as const;

/** The column of how many distinct values a part has. */
export function valuesColumn(part: string): string {
  return `${part}_values`;
}
