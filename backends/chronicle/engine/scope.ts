import type { Expression } from '../ast.ts';
import { type Copy, wholeEvent } from './copies.ts';
import type { CallContext } from './functions.ts';
import type { Value } from './value.ts';

/** What variables mean where an expression stands. */
export interface Scope extends CallContext {
  /** The expressions of placeholders and, in outcomes, of earlier outcomes. */
  readonly variables: ReadonlyMap<string, Expression>;
  /** Where rows have the event of an event variable. */
  readonly slots: ReadonlyMap<string, number>;
  /** Lists that the events section has unnested (`e.principal.ip`); others have to be aggregated. */
  readonly unnested: ReadonlySet<string>;
  /** Whether a row stands for the events of a window here, so that all fields have to be aggregated. */
  readonly isGroup: boolean;
}

/** One event, or one copy of it, for each event variable. */
export type JointRow = readonly Copy[];

/** Rows over some of the event variables, each of which occurs several times among those over all. */
export interface JointRows {
  readonly rows: readonly JointRow[];
  readonly times: number;
}

/** What an expression is evaluated on. */
export interface Row {
  readonly at: JointRow;
  /** All rows that satisfy the rule, told apart by some slots; of a set each need only occur once. */
  rowsOf(slots: readonly number[], isOfSet: boolean): JointRows;
  /** The element of `any` and `all`. */
  readonly element: Value;
}

/** Stands for an event that isn't there: "any reference to its fields yields a zero value". */
export const noEvent: Copy = wholeEvent({});

/** A row that is one joint row by itself. */
export function rowOf(at: JointRow): Row {
  return { at, rowsOf: () => ({ rows: [at], times: 1 }), element: '' };
}
