import type { Evidence, Mapping } from '../fields/mapping.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { CatalogList } from '../plan/catalog.ts';
import type { RuleFacts } from '../plan/event-plan.ts';
import type { Span } from '../text/span.ts';

/** A rule with its query on one target: all that packaging knows of it. */
export interface ReleasedRule {
  /** The rule's own id; of a rule without one a UUID made of its title, and of its file where that title isn't the first. */
  readonly id: string;
  readonly facts: RuleFacts;
  readonly kind: 'event' | 'correlation';
  readonly query: string;
  /** How often the SIEM runs it, how late records come, how far back each run looks. Milliseconds. */
  readonly schedule:
    | {
        readonly every: number;
        readonly delay: number;
        readonly lookback: number;
        readonly span: Span;
      }
    | undefined;
  /** For how many milliseconds after an alert there is none with the same values in these columns. */
  readonly suppress:
    | { readonly for: number; readonly by: readonly string[]; readonly span: Span }
    | undefined;
  /** What the query's rows show, in the rule's order: the outputs that the target has places for. */
  readonly outputs: readonly ReleasedOutput[];
  /** The columns that hold the values of a correlation's group. */
  readonly keys: readonly string[];
  /** One for each of the log sources, in their order. */
  readonly sources: readonly LogSource[];
  readonly mappings: readonly Mapping[];
  readonly evidence: Evidence;
  readonly assumptions: readonly string[];
  readonly approximations: readonly { readonly code: string; readonly what: string }[];
}

/** A column of a query's rows that the rule asks for. */
export interface ReleasedOutput {
  readonly role: 'entity' | 'detail';
  /** The rule's name for it; the column is called so, unless the target calls something else so. */
  readonly name: string;
  /** The canonical fields that the value may come from, the first that an event has. */
  readonly fields: readonly string[];
  /**
   * Whether a row may show several values: of a field that has several, or of a correlation's events, unless the
   * group has the same value.
   */
  readonly several: boolean;
  /** The column of a correlation's group that holds the same value, if there is one. */
  readonly key: string | undefined;
  readonly span: Span;
}

/** What the configuration says under `package:` of a destination. */
export type PackageSettings = Readonly<Record<string, unknown>>;

/** A setting of a destination that is none, or has a wrong value: where below `package:`, and why. */
export interface SettingProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** A rule that is written out. */
export interface PackagedRule extends ReleasedRule {
  /** Where its files go below the folder of the destination, without extension. */
  readonly stem: string;
}

/** What rules of a destination share: files beside those of single rules. */
export interface Bundle {
  readonly destination: string;
  /** What each rule adds to shared files, in the order of the stems. */
  readonly parts: readonly { readonly stem: string; readonly text: string }[];
  /** The lists that the destination's rules name and the SIEM keeps, in the order of their names. */
  readonly lists: readonly CatalogList[];
  /** The logs that the destination's rules read, in the order of their names, and where it keeps them. */
  readonly mappings: readonly Mapping[];
  readonly settings: PackageSettings;
  /**
   * The shared files that an earlier build left, by path below the folder of the destination, while there are rules that
   * can't be built now: their queries stay, and so has to stay what these name. Else nothing.
   */
  readonly former: ReadonlyMap<string, string>;
}

/** Writes what a SIEM can be given as it is: files of rules, and files that the rules of a destination share. */
export interface Packager {
  /** The files of a rule beside its query: text by extension, without the first dot. */
  files?(rule: PackagedRule, settings: PackageSettings): ReadonlyMap<string, string>;
  /** What a rule adds to files that rules share. */
  part?(rule: PackagedRule, settings: PackageSettings): string;
  /** The files that rules share: text by path below the folder of the destination. */
  bundle?(bundle: Bundle): ReadonlyMap<string, string>;
  /** The parts of rules, by stem, in shared files that were written before. */
  partsIn?(read: (path: string) => string | undefined): ReadonlyMap<string, string>;
}
