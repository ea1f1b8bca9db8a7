/** A KQL query: named definitions, then one pipeline whose rows are the answer. */
export interface Query {
  readonly kind: 'query';
  /** Lines above the pipeline. */
  readonly comments?: readonly string[];
  readonly lets: readonly Let[];
  readonly of: Pipeline;
}
/** `let name = …;` */
export interface Let {
  /** Lines above it. */
  readonly comments?: readonly string[];
  readonly name: string;
  readonly value: Expression | Pipeline;
}
/** A source and the operators that its rows pass through. */
export interface Pipeline {
  readonly kind: 'pipeline';
  readonly source: Source;
  readonly operators: readonly Operator[];
}

/** Where rows come from. */
export type Source = Table | Watchlist | DataTable | Print | Range | UnionSource | Nested;
/** A table of the workspace or a pipeline named by `let`. */
export interface Table {
  readonly kind: 'table';
  readonly name: string;
}
/** The items of a watchlist. */
export interface Watchlist {
  readonly kind: 'watchlist';
  readonly alias: string;
}
/** Rows written into the query, in row order. */
export interface DataTable {
  readonly kind: 'datatable';
  readonly columns: readonly { readonly name: string; readonly type: ScalarType }[];
  readonly values: readonly Expression[];
}
/** One row of computed values. */
export interface Print {
  readonly kind: 'print';
  readonly columns: readonly NamedExpression[];
}
/** An arithmetic series in one column. */
export interface Range {
  readonly kind: 'range';
  readonly column: string;
  readonly from: Expression;
  readonly to: Expression;
  readonly step: Expression;
}
/** `union` as a query's first word. */
export interface UnionSource {
  readonly kind: 'union-source';
  readonly mode: 'inner' | 'outer';
  readonly tables: readonly Pipeline[];
}
/** A pipeline in brackets. */
export interface Nested {
  readonly kind: 'nested';
  readonly of: Pipeline;
}

/** One `| …` of a pipeline. */
export type Operator =
  | { readonly kind: 'where'; readonly predicate: Expression }
  | {
      readonly kind: 'extend' | 'project' | 'serialize';
      readonly columns: readonly NamedExpression[];
    }
  | {
      readonly kind: 'project-away' | 'project-keep' | 'project-reorder';
      readonly columns: readonly string[];
    }
  | { readonly kind: 'project-rename'; readonly columns: readonly Renaming[] }
  | Summarize
  | { readonly kind: 'distinct'; readonly columns: readonly Expression[] }
  | { readonly kind: 'sort'; readonly by: readonly Ordering[] }
  | { readonly kind: 'top'; readonly count: Expression; readonly by: Ordering }
  | { readonly kind: 'take'; readonly count: Expression }
  | { readonly kind: 'count' }
  | Expand
  | Apply
  | {
      readonly kind: 'union';
      readonly mode: 'inner' | 'outer';
      readonly tables: readonly Pipeline[];
    }
  | Join;
/** Aggregates, one row per group. */
export interface Summarize {
  readonly kind: 'summarize';
  readonly aggregates: readonly NamedExpression[];
  readonly by: readonly NamedExpression[];
}
/** One row per element. */
export interface Expand {
  readonly kind: 'mv-expand';
  readonly index: string | undefined;
  readonly columns: readonly Expansion[];
  readonly limit: Expression | undefined;
}
/** A sub-pipeline on each row's elements. */
export interface Apply {
  readonly kind: 'mv-apply';
  readonly index: string | undefined;
  readonly columns: readonly Expansion[];
  readonly limit: Expression | undefined;
  readonly on: readonly Operator[];
}
/** Rows of both sides with equal keys. */
export interface Join {
  readonly kind: 'join' | 'lookup';
  readonly mode: JoinKind;
  readonly right: Pipeline;
  readonly on: readonly JoinKey[];
}
/** Which rows a join keeps. */
export type JoinKind =
  | 'innerunique'
  | 'inner'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftanti'
  | 'rightanti'
  | 'leftsemi'
  | 'rightsemi';
/** The columns that must be equal. */
export interface JoinKey {
  readonly left: string;
  readonly right: string;
}
/** An expression and the name that the query gives it. */
export interface NamedExpression {
  readonly name: string | undefined;
  readonly value: Expression;
}
/** `new = old` */
export interface Renaming {
  readonly name: string;
  readonly from: string;
}
/** What rows are sorted by. */
export interface Ordering {
  readonly of: Expression;
  readonly order: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}
/** An array whose elements become rows. */
export interface Expansion {
  readonly name: string | undefined;
  readonly of: Expression;
  readonly type: ScalarType | undefined;
}

/** KQL's scalar types. */
export type ScalarType =
  | 'bool'
  | 'datetime'
  | 'decimal'
  | 'dynamic'
  | 'guid'
  | 'int'
  | 'long'
  | 'real'
  | 'string'
  | 'timespan';

/** A value written in a `dynamic(…)` literal or found in JSON text. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
/** A property bag. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A scalar expression. */
export type Expression =
  | Literal
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'negate'; readonly of: Expression }
  | Binary
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | In
  | Between
  | { readonly kind: 'star' }
  | { readonly kind: 'typeof'; readonly type: ScalarType }
  | { readonly kind: 'subquery'; readonly of: Pipeline };
/** A constant; `null` is the typed null, which strings don't have. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean | null }
  | { readonly kind: 'long' | 'int'; readonly value: bigint | null }
  | { readonly kind: 'real' | 'decimal'; readonly value: number | null }
  | { readonly kind: 'datetime' | 'timespan'; readonly ticks: bigint | null }
  | { readonly kind: 'guid'; readonly value: string | null }
  | { readonly kind: 'dynamic'; readonly value: Json };
/** Two operands. */
export interface Binary {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** Membership in a list of values or in the first column of a pipeline. */
export interface In {
  readonly kind: 'in';
  readonly op: 'in' | '!in' | 'in~' | '!in~' | 'has_any' | 'has_all';
  readonly left: Expression;
  readonly of: readonly Expression[];
}
/** Both ends included. */
export interface Between {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly of: Expression;
  readonly from: Expression;
  readonly to: Expression;
}

/** Operators on two operands, by how tightly they bind. */
export type BinaryOperator = Equality | Relational | Additive | Multiplicative | StringOperator;
/** Equal or not, exactly. */
export type Equality = '==' | '!=';
/** Order. */
export type Relational = '<' | '<=' | '>' | '>=';
/** Sums. */
export type Additive = '+' | '-';
/** Products. */
export type Multiplicative = '*' | '/' | '%';
/** Tests of strings; those that end in `_cs` and `matches regex` tell upper from lower case. */
export type StringOperator =
  | '=~'
  | '!~'
  | 'matches regex'
  | `${'' | '!'}${'contains' | 'startswith' | 'endswith' | 'has' | 'hasprefix' | 'hassuffix'}${'' | '_cs'}`;
