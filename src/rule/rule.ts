import type { Condition } from '../condition/ast.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';

/** A Sigma detection rule, checked for form; what its words mean is decided when it is planned. */
export interface Rule {
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
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly logsource: RuleLogSource;
  /** In the rule's order. */
  readonly selections: readonly Selection[];
  /** Several conditions are one rule: they are joined by "or". */
  readonly conditions: readonly Condition[];
  readonly settings: RuleSettings;
  /** Whether errors were found in it: it is planned for what else is wrong, and never compiled. */
  readonly broken: boolean;
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
  | { readonly kind: 'items'; readonly items: readonly Item[]; readonly span: Span }
  | { readonly kind: 'any-of'; readonly of: readonly SelectionBody[]; readonly span: Span };

/** One line of a selection: a field with modifiers and its values; without a field, keywords. */
export interface Item {
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
  | { readonly kind: 'null'; readonly span: Span };

/** What the rule says under `siemc:`. */
export interface RuleSettings {
  readonly targets: readonly string[] | undefined;
  readonly version: string | undefined;
  readonly schedule: { readonly every: string; readonly delay: string } | undefined;
  readonly entities: readonly NamedField[];
  readonly details: readonly NamedField[];
  readonly emulation: readonly string[];
}

/** A name and the field that gives its value. */
export interface NamedField {
  readonly name: string;
  readonly field: string;
  readonly span: Span;
}
