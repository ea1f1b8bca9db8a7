import type { Assignment, Command, EvalExpr, SortKey } from '../ast.ts';
import { calculate, call, compare, field, joined, number } from '../eval-build.ts';

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
  /**
   * How many occurrences a row is, where correlations stand beside rules: an event that rules found is one,
   * and a correlation's hit at it is another.
   */
  readonly amount?: EvalExpr | undefined;
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

/** Rows with a time in milliseconds, which of them are hits, and which helper columns are worth showing. */
export interface Hits {
  readonly commands: readonly Command[];
  /** Which rows stand for events; all unless said. */
  readonly isEvent?: EvalExpr | undefined;
  /** Which of those are hits; all unless said. */
  readonly isHit?: EvalExpr | undefined;
  readonly time: EvalExpr;
  /** Whether that is when something ended, before which all of it happened. */
  readonly isEnd?: boolean;
  readonly shown: readonly string[];
}

/** A column for a verdict: 1 where it holds of a row that it is about, else 0. */
export interface Mark {
  readonly name: string;
  /** Which rows it is about; all unless said. */
  readonly isOwn: EvalExpr | undefined;
}

/** Sets a mark where conditions hold. */
export function setMark({ name, isOwn }: Mark, holds: readonly EvalExpr[]): Assignment {
  const all = joined('and', isOwn === undefined ? holds : [isOwn, ...holds]);
  return assign(name, call('if', all, number(1), number(0)));
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

/** That one of the flags is 1. */
export function anyOf(flags: readonly string[]): EvalExpr {
  return joined(
    'or',
    flags.map((flag) => compare(field(flag), '==', number(1))),
  );
}

/** `where` all of the conditions, or nothing where there are none. */
export function keep(
  conditions: readonly (EvalExpr | undefined)[],
  note?: string,
): readonly Command[] {
  const of = conditions.filter((each) => each !== undefined);
  return of.length === 0 ? [] : [noted({ kind: 'where', where: joined('and', of) }, note)];
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
