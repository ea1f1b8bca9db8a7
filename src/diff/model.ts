import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Expectation } from '../library/testing/test-file.ts';
import type { InputChange } from './input-files.ts';
import type { SideName } from './side.ts';

/** What a change to a rule repository does. */
export interface Diff {
  readonly base: SideName;
  readonly head: SideName;
  /** The files of the project that differ. */
  readonly inputs: readonly InputChange[];
  /** Rules that are on one side only, have moved, or differ in anything that is told. */
  readonly rules: readonly RuleDiff[];
  /** Edits that several queries of a destination have alike. */
  readonly groups: readonly EditGroup[];
  /** Cases of which the two sides' rules say something else. */
  readonly flips: readonly Flip[];
  /** Tests that pass on one side and don't on the other. */
  readonly tests: readonly TestChange[];
  /** What is wrong on the head and wasn't on the base. */
  readonly findings: readonly Diagnostic[];
}

/** What names a rule. */
export interface RuleRef {
  readonly id: string | undefined;
  readonly title: string;
  /** As people see it, with `/`. */
  readonly path: string;
}

/** What became of a rule. */
export interface RuleDiff {
  /** As it is on the head, or was on the base where it is gone. */
  readonly rule: RuleRef;
  readonly state: 'added' | 'removed' | 'changed';
  /** Where it was before it moved. */
  readonly movedFrom: string | undefined;
  /** Whether it means something else. */
  readonly meaning: boolean;
  readonly effects: readonly Effect[];
  readonly queries: readonly QueryDiff[];
}

/** Something else that a rule says or that is known of it, on one destination or as such. */
export type Effect = { readonly what: string; readonly destination: string | undefined } & (
  | {
      readonly kind: 'value';
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | {
      readonly kind: 'list';
      readonly removed: readonly string[];
      readonly added: readonly string[];
    }
  /** Whether there is a query, and why not. */
  | { readonly kind: 'query'; readonly before: Standing; readonly after: Standing }
);

/** Whether a rule has a query on a destination, and why not. */
export interface Standing {
  /** `part`: a correlation speaks for it; `left-out`: not meant for the target; `broken`: the rule has errors. */
  readonly status: 'query' | 'refused' | 'part' | 'left-out' | 'broken' | 'absent';
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

/** A query that differs. */
export interface QueryDiff {
  readonly destination: string;
  readonly language: string;
  /** Nothing where there is no query on that side. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** How the one becomes the other; of a query that is on one side only there are none. */
  readonly edits: readonly QueryEdit[];
}

/** A piece of a query that was replaced, in words of its language. */
export interface QueryEdit extends EditText {
  /** The place of the group that shows it in the list of groups; nothing: the query shows it. */
  readonly group: number | undefined;
  /** Lines of the two texts that it touches, counted from 0, the end not among them. */
  readonly linesBefore: LineRange;
  readonly linesAfter: LineRange;
}

/** Lines of a text, the end not among them. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** What is gone and what has come; both empty: only the layout differs. */
export interface EditText {
  readonly removed: string;
  readonly added: string;
}

/** Edits that a set of queries of a destination has alike. */
export interface EditGroup {
  readonly destination: string;
  readonly edits: readonly EditText[];
  /** The rules whose queries have them all. */
  readonly rules: readonly RuleRef[];
  /** One of these queries, which shows how it looks. */
  readonly example: {
    readonly rule: RuleRef;
    readonly language: string;
    readonly lines: readonly string[];
  };
}

/** A case that the two sides' rules judge otherwise. */
export interface Flip {
  readonly rule: RuleRef;
  readonly case: string;
  /** Whose case it is: that of both sides, or of one where the other has none or another of this name. */
  readonly tests: 'both' | 'base' | 'head';
  /** The destinations that judge so; `sigma` is the reference. */
  readonly targets: readonly string[];
  readonly expected: Expectation;
  /** The number of alerts, or what went wrong. */
  readonly before: number | string;
  readonly after: number | string;
}

/** A test whose result differs. */
export interface TestChange {
  readonly rule: RuleRef;
  readonly case: string;
  readonly targets: readonly string[];
  readonly expected: Expectation;
  /** Nothing: the base has no such case. */
  readonly before: TestOutcome | undefined;
  readonly after: TestOutcome | undefined;
}

/** What a test said. */
export interface TestOutcome {
  readonly status: 'passed' | 'failed' | 'diverged';
  readonly actual: number | string;
}
