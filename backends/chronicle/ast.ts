/** A YARA-L 2.0 rule; sections that are left out are empty or undefined. */
export interface Rule {
  readonly name: string;
  readonly meta: readonly MetaEntry[];
  /** Predicates that all have to hold; none of them is an `all`. */
  readonly events: readonly Expression[];
  readonly match: Match | undefined;
  readonly outcome: readonly Outcome[];
  readonly condition: Expression;
  readonly options: readonly Option[];
}

/** A statistical search: events that pass the filter, grouped, and a row of outcomes for each group. */
export interface Search {
  readonly kind: 'search';
  /** Lines above it. */
  readonly comments: readonly string[];
  /** Predicates that all have to hold; their fields have no event variable. */
  readonly events: readonly Expression[];
  /** What events are grouped by; of nothing: all are one group. */
  readonly match: readonly (EventField | Variable)[];
  readonly outcome: readonly Outcome[];
  readonly order: readonly Order[];
  readonly limit: number | undefined;
}

/** What rows are sorted by. */
export interface Order {
  readonly of: EventField | Variable;
  readonly descending: boolean;
}

/** What the backend reads and writes. */
export type Query = Rule | Search;

/** A line of the meta section. */
export interface MetaEntry {
  readonly key: string;
  readonly value: string;
}

/** Grouping variables and, in rules, the time window. */
export interface Match {
  readonly variables: readonly string[];
  readonly window: Window | undefined;
}

/** `over` hops, or slides when it has a pivot; `by` tumbles. */
export interface Window {
  readonly kind: 'over' | 'by';
  readonly duration: Duration;
  readonly pivot: Pivot | undefined;
}

/** An amount of time: seconds, minutes, hours, days. */
export interface Duration {
  readonly kind: 'duration';
  readonly count: number;
  readonly unit: 's' | 'm' | 'h' | 'd';
}

/** The event at whose time sliding windows end (`before`) or begin (`after`). */
export interface Pivot {
  readonly side: 'before' | 'after';
  readonly event: string;
}

/** A value that a detection carries. */
export interface Outcome {
  readonly name: string;
  readonly value: Expression;
}

/** A setting of the rule. */
export interface Option {
  readonly name: string;
  readonly value: Literal | Duration;
}

/** Anything that has a value; predicates have a boolean one. */
export type Expression =
  | Literal
  | RegexLiteral
  | List
  | EventField
  | Quantified
  | Variable
  | Count
  | ReferenceList
  | Call
  | Arithmetic
  | Comparison
  | Membership
  | All
  | Any
  | Not;

/** A string, number or boolean. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | NumberLiteral
  | { readonly kind: 'boolean'; readonly value: boolean };

/** A number without sign, as written: the language has no negative literals. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly text: string;
}

/** `/text/`: the text between the slashes as written. */
export interface RegexLiteral {
  readonly kind: 'regex';
  readonly text: string;
}

/** `["a", "b"]`. */
export interface List {
  readonly kind: 'list';
  readonly of: readonly Expression[];
}

/** `$e.principal.ip[0]`, `$e.additional.fields["key"]`; in a search the event is `` and stands nowhere. */
export interface EventField {
  readonly kind: 'field';
  readonly event: string;
  readonly path: readonly PathStep[];
}

/** A name, the index of a repeated field, or the key of a map. */
export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string };

/** `any $e.f` and `all $e.f`: the predicate around it is about all elements of the list. */
export interface Quantified {
  readonly kind: 'quantified';
  readonly quantifier: 'any' | 'all';
  readonly of: EventField;
}

/** `$x`: a placeholder, an outcome or, in the condition, an event. */
export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
}

/** `#x`: how many distinct events or values. */
export interface Count {
  readonly kind: 'count';
  readonly name: string;
}

/** `%name` or `%table.column`. */
export interface ReferenceList {
  readonly kind: 'reference-list';
  readonly name: string;
}

/** A function; `nocase` only behind functions that search. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly nocase: boolean;
}

/** Two operands and one of the five operators. */
export interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: Expression;
  readonly right: Expression;
}

/** Two operands; against a regex literal, whether it finds a match. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly left: Expression;
  readonly right: Expression;
  readonly nocase: boolean;
}

/** `of in %list`; the entries are strings, regular expressions or networks. */
export interface Membership {
  readonly kind: 'membership';
  readonly of: Expression;
  readonly list: string;
  readonly entries: 'string' | 'regex' | 'cidr';
  readonly nocase: boolean;
}

/** All parts hold; has at least two, none of them an `all`. */
export interface All {
  readonly kind: 'all';
  readonly of: readonly Expression[];
}

/** Some part holds; has at least two, none of them an `any`. */
export interface Any {
  readonly kind: 'any';
  readonly of: readonly Expression[];
}

/** The part doesn't hold; before a variable it is written `!`. */
export interface Not {
  readonly kind: 'not';
  readonly of: Expression;
}
