/** A search: commands joined by pipes. The first one fetches events. */
export interface SplQuery {
  readonly commands: readonly Command[];
}

/** One command of a search, and what the comment before its pipe says. */
export type Command = PlainCommand & { readonly note?: string };

/** A command by itself. */
export type PlainCommand =
  | Search
  | Where
  | Eval
  | RegexFilter
  | Rex
  | Fields
  | Table
  | Rename
  | Head
  | Tail
  | Reverse
  | Sort
  | Dedup
  | Stats
  | Bin
  | FillNull
  | MvExpand
  | Spath
  | Lookup
  | Accum
  | FillDown
  | MacroCommand
  | DataModelStats;

/** Keeps events by the search language: caseless, two-valued, `*` the only wildcard. */
export interface Search {
  readonly kind: 'search';
  readonly where: SearchExpr;
}
/** Keeps events for which an eval expression is true. */
export interface Where {
  readonly kind: 'where';
  readonly where: EvalExpr;
}
/** Computes fields, one after the other. */
export interface Eval {
  readonly kind: 'eval';
  readonly fields: readonly Assignment[];
}
/** A field and what it shall be. */
export interface Assignment {
  readonly name: string;
  readonly value: EvalExpr;
}
/** Keeps events whose field matches (`!=`: doesn't match) a regular expression. */
export interface RegexFilter {
  readonly kind: 'regex';
  readonly field: string;
  readonly op: '=' | '!=';
  readonly pattern: string;
}
/** Extracts the named groups of a regular expression into fields. */
export interface Rex {
  readonly kind: 'rex';
  readonly field: string;
  readonly pattern: string;
  readonly options: readonly Option[];
}
/** Keeps or removes fields; names may hold `*`. */
export interface Fields {
  readonly kind: 'fields';
  readonly mode: 'keep' | 'remove';
  readonly fields: readonly string[];
}
/** Shows the fields as columns; names may hold `*`. */
export interface Table {
  readonly kind: 'table';
  readonly fields: readonly string[];
}
/** Gives fields other names; both sides may hold one `*`. */
export interface Rename {
  readonly kind: 'rename';
  readonly fields: readonly { readonly from: string; readonly to: string }[];
}
/** The first rows. */
export interface Head {
  readonly kind: 'head';
  readonly count: number;
}
/** The last rows, the last one first. */
export interface Tail {
  readonly kind: 'tail';
  readonly count: number;
}
/** The rows in the opposite order. */
export interface Reverse {
  readonly kind: 'reverse';
}
/** Orders rows; `count` of them are kept, 0 means all, 10,000 when left out. */
export interface Sort {
  readonly kind: 'sort';
  readonly count: number | undefined;
  readonly by: readonly SortKey[];
}
/** A field to sort by; `as` forces how its values compare. */
export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
  readonly as: 'auto' | 'ip' | 'num' | 'str' | undefined;
}
/** Keeps the first rows of each combination of values. */
export interface Dedup {
  readonly kind: 'dedup';
  readonly count: number;
  readonly fields: readonly string[];
  readonly options: readonly Option[];
}
/** Aggregates by groups: into rows of their own, onto each event, or running. */
export interface Stats {
  readonly kind: 'stats' | 'eventstats' | 'streamstats';
  readonly options: readonly Option[];
  readonly aggregates: readonly Aggregate[];
  readonly by: readonly string[];
}
/** An aggregate function of a field or an eval expression. */
export interface Aggregate {
  readonly name: string;
  readonly of: AggregateArgument | undefined;
  readonly as: string | undefined;
}
/** What is aggregated. */
export type AggregateArgument =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'eval'; readonly expression: EvalExpr };
/** Puts times or numbers into buckets of one width. */
export interface Bin {
  readonly kind: 'bin';
  readonly field: string;
  readonly options: readonly Option[];
  readonly as: string | undefined;
}
/** Gives fields without a value one. */
export interface FillNull {
  readonly kind: 'fillnull';
  readonly value: string;
  readonly fields: readonly string[];
}
/** Makes one row of each value of a field. */
export interface MvExpand {
  readonly kind: 'mvexpand';
  readonly field: string;
  readonly limit: number | undefined;
}
/** Extracts fields from JSON text. */
export interface Spath {
  readonly kind: 'spath';
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly path: string | undefined;
}
/** Looks values up in a table and copies columns of the rows that fit. */
export interface Lookup {
  readonly kind: 'lookup';
  readonly options: readonly Option[];
  /** The lookup definition. */
  readonly name: string;
  readonly inputs: readonly LookupField[];
  /** Whether what is copied takes the place of what is there; left out: all columns that aren't matched. */
  readonly mode: 'OUTPUT' | 'OUTPUTNEW' | undefined;
  readonly outputs: readonly LookupField[];
}
/** A column of a lookup and the event's field. */
export interface LookupField {
  readonly field: string;
  readonly as: string;
}
/** Keeps a running total of a field's numbers. */
export interface Accum {
  readonly kind: 'accum';
  readonly field: string;
  readonly as: string | undefined;
}
/** Gives fields without a value the one of the row before; of no fields: all. */
export interface FillDown {
  readonly kind: 'filldown';
  readonly fields: readonly string[];
}
/** A macro that stands for whole commands. */
export interface MacroCommand {
  readonly kind: 'macro';
  readonly macro: Macro;
}
/** `tstats` over an accelerated data model: read and printed, never run. */
export interface DataModelStats {
  readonly kind: 'tstats';
  readonly macros: readonly Macro[];
  readonly options: readonly Option[];
  readonly aggregates: readonly Aggregate[];
  readonly from: string | undefined;
  readonly where: SearchExpr | undefined;
  readonly by: readonly string[];
  readonly span: string | undefined;
}

/** `name=value` of a command. */
export interface Option {
  readonly name: string;
  readonly value: string;
}
/** A text that Splunk puts in the place of its name; `args` is what stands in parentheses. */
export interface Macro {
  readonly kind: 'macro';
  readonly name: string;
  readonly args: string | undefined;
}

/** An expression of the search language. `*` in texts is always a wildcard. */
export type SearchExpr =
  | { readonly kind: 'all' | 'any'; readonly of: readonly SearchExpr[] }
  | { readonly kind: 'not'; readonly of: SearchExpr }
  | SearchCompare
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'term'; readonly text: string; readonly as: 'plain' | 'case' | 'term' }
  | Macro;
/** A field against a text; `cased` is `CASE(...)`. */
export interface SearchCompare {
  readonly kind: 'compare';
  readonly field: string;
  readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly value: string;
  readonly cased: boolean;
}

/** An expression of `where` and `eval`: cased, with NULL. */
export type EvalExpr =
  | { readonly kind: 'and' | 'or' | 'xor'; readonly of: readonly EvalExpr[] }
  | { readonly kind: 'not' | 'negative'; readonly of: EvalExpr }
  | EvalCompare
  | EvalArithmetic
  | EvalCall
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | Macro;
/** A comparison of two values. */
export interface EvalCompare {
  readonly kind: 'compare';
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly left: EvalExpr;
  readonly right: EvalExpr;
}
/** Arithmetic; `.` joins texts. */
export interface EvalArithmetic {
  readonly kind: 'arithmetic';
  readonly op: '+' | '-' | '*' | '/' | '%' | '.';
  readonly left: EvalExpr;
  readonly right: EvalExpr;
}
/** A function call; `f IN (...)` and `f LIKE p` are calls too. */
export interface EvalCall {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly EvalExpr[];
}
