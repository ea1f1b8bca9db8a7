import type { Condition } from '../condition/ast.ts';
import type { Range } from '../match/test.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';

/** A Sigma rule, checked for form; what its words mean is decided when it is planned. */
export type Rule = DetectionRule | CorrelationRule | FilterRule;

/** A rule that finds something, and has queries. */
export type FindingRule = DetectionRule | CorrelationRule;

/** What rules of every kind say of themselves. */
export interface RuleHead {
  readonly file: SourceFile;
  /** Where the document begins. */
  readonly span: Span;
  readonly title: string;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly status: string | undefined;
  readonly description: string | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly level: string | undefined;
  readonly tags: readonly string[];
  /** Where each tag stands. */
  readonly tagSpans: readonly Span[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly settings: RuleSettings;
  readonly tunables: RuleTunables;
  /** Whether errors were found in it: it is planned for what else is wrong, and never compiled. */
  readonly broken: boolean;
}

/** A rule before it is known whether anything is wrong with it, and what a project sets in it. */
export type Unchecked<Kind extends RuleHead> = Omit<Kind, 'broken' | 'tunables'>;

/** What one event has to be like. */
export interface DetectionRule extends RuleHead {
  readonly kind: 'detection';
  readonly logsource: RuleLogSource;
  /** In the rule's order. */
  readonly selections: readonly Selection[];
  /** Several conditions are one rule: they are joined by "or". */
  readonly conditions: readonly Condition[];
}

/** What events have to be like beside what other rules ask: it narrows these rules, and finds nothing itself. */
export interface FilterRule extends RuleHead {
  readonly kind: 'filter';
  readonly logsource: RuleLogSource;
  /** The rules that it narrows, by name or id; `any`: all rules of the log source. */
  readonly rules: readonly Named[] | 'any';
  readonly selections: readonly Selection[];
  readonly conditions: readonly Condition[];
  readonly conditionSpan: Span;
}

/** What events of other rules have to be like together. */
export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  readonly typeSpan: Span;
  /** The rules that take part, by name or id. */
  readonly rules: readonly Named[];
  readonly groupBy: readonly Named[];
  readonly timespan: { readonly milliseconds: number; readonly span: Span };
  /** Nothing where it can't be read. */
  readonly condition: CorrelationTest | undefined;
  readonly conditionSpan: Span;
  readonly aliases: readonly Alias[];
  /** Whether the rules that take part alert on their own, too. */
  readonly generate: boolean;
}

/** A name in a rule and where it stands. */
export interface Named {
  readonly name: string;
  readonly span: Span;
}

/** A name for fields that the rules of a correlation call otherwise. */
export interface Alias extends Named {
  readonly fields: readonly { readonly rule: Named; readonly field: Named }[];
}

/** The condition of a correlation: what a number must be like, or which rules must have found something. */
export type CorrelationTest =
  | { readonly kind: 'rules'; readonly of: Condition; place(span: Span): Span }
  | {
      readonly kind: 'number';
      readonly bounds: readonly Bound[];
      readonly fields: readonly Named[];
      readonly percentile: number | undefined;
    };

/** Sigma's names. */
export const correlationTypes = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
  'temporal',
  'temporal_ordered',
] as const;

/** One of Sigma's types of correlations. */
export type CorrelationType = (typeof correlationTypes)[number];

/** The orders that a number can be held against, as Sigma writes them. */
export const orders = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

/** All bounds of a condition must hold. */
export interface Bound {
  readonly order: (typeof orders)[number];
  readonly value: number;
  readonly span: Span;
}

/** The rule's `logsource`. */
export interface RuleLogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  readonly span: Span;
}

/** A named part of the detection. */
export interface Selection {
  readonly name: string;
  readonly span: Span;
  readonly body: SelectionBody;
}

/** A map is an `items`, a list of maps or of words an `any-of`. */
export type SelectionBody =
  | { readonly kind: 'items'; readonly items: readonly Line[]; readonly span: Span }
  | { readonly kind: 'any-of'; readonly of: readonly SelectionBody[]; readonly span: Span };

/** One line of a selection. */
export type Line = Item | Block;

/** What one and the same element of an array must be like (Sigma 3's `field[any]`). */
export interface Block {
  readonly kind: 'block';
  readonly field: string;
  readonly quantifier: Quantifier;
  /** Names within are paths from the element; `.` is the element itself. */
  readonly selections: readonly Selection[];
  readonly condition: Condition;
  readonly keySpan: Span;
  readonly span: Span;
}

/** Sigma 3's quantifiers; `all` asks for at least one element. */
export const quantifiers = ['any', 'all', 'all_or_empty', 'none'] as const;

/** How many elements must be so. */
export type Quantifier = (typeof quantifiers)[number];

/** A field with modifiers and its values; without a field, keywords. */
export interface Item {
  readonly kind: 'item';
  readonly field: string | undefined;
  readonly modifiers: readonly Modifier[];
  readonly values: readonly Value[];
  readonly keySpan: Span;
  readonly span: Span;
}

/** A modifier as the rule names it. */
export interface Modifier {
  readonly name: string;
  readonly span: Span;
}

/** A value in a detection, with the text that the author wrote. */
export type Value =
  | {
      readonly kind: 'string';
      readonly text: string;
      readonly span: Span;
      /** The span of a part of the text. */
      within(start: number, end: number): Span;
    }
  | { readonly kind: 'number' | 'boolean'; readonly text: string; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  /** Change windows: seconds of the week in UTC. */
  | { readonly kind: 'window'; readonly ranges: readonly Range[]; readonly span: Span };

/** What the rule says under `siemc:`. */
export interface RuleSettings {
  readonly targets: readonly string[] | undefined;
  readonly version: string | undefined;
  readonly versionSpan: Span | undefined;
  /** How often the rule runs and how late records come, in milliseconds. */
  readonly schedule:
    | { readonly every: number; readonly delay: number; readonly span: Span }
    | undefined;
  /** After an alert none with the same values of these outputs, so many milliseconds long. */
  readonly suppress:
    | {
        readonly for: number;
        readonly by: readonly Named[];
        readonly span: Span;
        readonly forSpan: Span;
      }
    | undefined;
  /** Losses that the author accepts. */
  readonly approximate: readonly {
    readonly target: string;
    readonly code: string;
    readonly span: Span;
  }[];
  readonly entities: readonly NamedField[];
  readonly details: readonly NamedField[];
  readonly emulation: readonly string[];
  /** What the rule doesn't see. */
  readonly blindSpots: readonly string[];
  /** What to do about an alert, step by step. */
  readonly response: readonly string[];
  /** Findings that the author knows of, and why they don't matter here. */
  readonly ignore: readonly {
    readonly key: string;
    readonly reason: string;
    readonly span: Span;
  }[];
}

/** The names of the places in a rule whose values a project may set, and what it sets them to. */
export interface RuleTunables {
  readonly names: readonly string[];
  /** Only where that isn't what the rule says itself. */
  readonly tuned: readonly Tuned[];
}

/** A value that a project sets in a rule. */
export interface Tuned {
  /** The rule as the project calls it. */
  readonly rule: string;
  readonly name: string;
  readonly value: unknown;
  /** Where the project sets it. */
  readonly file: SourceFile;
}

/** A name and the field that gives its value. */
export interface NamedField {
  readonly name: string;
  readonly field: string;
  readonly span: Span;
}
