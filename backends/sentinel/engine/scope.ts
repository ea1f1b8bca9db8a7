import { type NamedList, QueryRunError } from '#backend';
import type { Pipeline, ScalarType } from '../ast.ts';

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}

/** A row's values, and the event it stands for if it is a single one. */
export interface Row {
  readonly cells: readonly unknown[];
  readonly event: number | undefined;
}

/** A row in cells of its own. */
export function copyOf({ cells, event }: Row): Row {
  return { cells: [...cells], event };
}

/** What one run of a query shares. */
export interface Run {
  /** Ticks of the run's time. */
  readonly now: bigint;
  readonly switches: Readonly<Record<string, string>>;
  /** Undocumented facts that the answer has come to rest on. */
  readonly assumptions: Set<string>;
  /** The rows of a table of the workspace. */
  readonly rowsOf: (table: string) => readonly Row[];
  /** What watchlists hold. */
  readonly lists: readonly NamedList[];
  /** Ticks of the time at which an event was taken in. */
  readonly ingested: (event: number) => bigint | null;
  /** What is computed once a run. */
  readonly once: Map<object, unknown>;
}

/** Where an expression is evaluated: in which of which rows. */
export interface Place {
  readonly run: Run;
  readonly rows: readonly Row[];
  index: number;
}

/** An expression made ready for rows: its static type and how to compute it. */
export interface Typed {
  readonly type: ScalarType;
  readonly at: (cells: readonly unknown[], place: Place) => unknown;
  /** The value, when it is the same in all rows of every run. */
  readonly constant?: unknown;
}

/** The names that an expression can use. */
export interface Scope {
  readonly columns: readonly Column[];
  readonly names: ReadonlyMap<string, number>;
  readonly lets: ReadonlyMap<string, Definition>;
  readonly tables: (name: string) => readonly Column[];
  /** Whether the rows have a settled order, as `prev` and `row_number` need. */
  readonly serialized: boolean;
  /** Whether the rows are those of a table, as `ingestion_time` needs. */
  readonly stored?: boolean;
  /** Inside `summarize`: takes an aggregate and gives its result. */
  readonly aggregate?: (name: string, args: readonly Typed[]) => Typed;
  /** Makes a pipeline inside an expression or operator ready. */
  readonly pipeline: (pipeline: Pipeline, scope: Scope) => Rows;
}

/** What `let` names. */
export type Definition =
  | { readonly kind: 'scalar'; readonly value: Typed }
  | { readonly kind: 'rows'; readonly value: Rows };

/** A pipeline made ready to run. */
export interface Rows {
  readonly columns: readonly Column[];
  readonly serialized: boolean;
  /** Whether they are rows of a table, all or some of them. */
  readonly stored?: boolean;
  readonly of: (run: Run) => readonly Row[];
  /** Visits the rows without keeping them all, in cells that are used again: of a join there may be very many. */
  readonly each?: (run: Run, visit: (row: Row) => void) => void;
}

/** The same scope with other columns. */
export function withColumns(
  scope: Scope,
  columns: readonly Column[],
  serialized: boolean,
  stored = false,
): Scope {
  const names = new Map(columns.map(({ name }, index) => [name, index]));
  const { lets, tables, pipeline } = scope;
  return { columns, names, lets, tables, pipeline, serialized, stored };
}

/** A value that doesn't depend on rows. */
export function constant(type: ScalarType, value: unknown): Typed {
  return { type, at: () => value, constant: value };
}

/** Stops a query that can be read but not run. */
export function refuse(message: string): never {
  throw new QueryRunError(message);
}
