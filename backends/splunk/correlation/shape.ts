import type { Assignment, Command, EvalExpr, SortKey } from '../ast.ts';
import { calculate, call, field, number } from '../eval-build.ts';

/** The rows that a window looks at, one for each event and group, and how to get them. */
export interface Rows {
  readonly commands: readonly Command[];
  /** The columns with the group's values. */
  readonly keys: readonly string[];
  /** The columns of the condition's fields. */
  readonly values: readonly ValueColumn[];
  /** For each member the column that is 1 where it found the event, else 0; if the condition asks. */
  readonly flags: readonly string[];
  readonly outputs: readonly OutputColumn[];
  /** Whether what several members found counts for each of them, though it is one event. */
  readonly separate?: boolean;
}

/** A column with what is counted or computed with. */
export interface ValueColumn {
  readonly name: string;
  readonly many: boolean;
}

/** What an alert shows: a column of a row, and its name at the end; `key` is one of the group's own. */
export interface OutputColumn {
  readonly from: string;
  readonly name: string;
  readonly key: boolean;
}

/** Hits: rows with a time in milliseconds, and which helper columns are worth showing. */
export interface Hits {
  readonly commands: readonly Command[];
  readonly time: EvalExpr;
  readonly shown: readonly string[];
}

/** A column that `eval` makes. */
export function assign(name: string, value: EvalExpr): Assignment {
  return { name, value };
}

/** The time of an event in whole milliseconds: seconds with fractions don't add up exactly. */
export const milliseconds: EvalExpr = call('round', calculate(field('_time'), '*', number(1000)));

/** `eval`, or nothing where nothing is made. */
export function evaluate(fields: readonly Assignment[], note?: string): readonly Command[] {
  return fields.length === 0 ? [] : [noted({ kind: 'eval', fields }, note)];
}

/** A command with a comment before it. */
export function noted(command: Command, note: string | undefined): Command {
  return note === undefined ? command : { ...command, note };
}

/** `sort 0`: texts as texts, so that equal ones and no others lie together; then numbers. */
export function sortBy(texts: readonly string[], numbers: readonly string[]): Command {
  const key =
    (as: 'str' | 'num') =>
    (name: string): SortKey => ({
      field: name,
      descending: false,
      as,
    });
  return { kind: 'sort', count: 0, by: [...texts.map(key('str')), ...numbers.map(key('num'))] };
}
