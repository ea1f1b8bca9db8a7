import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { MappedCorrelation, MappedPlan } from '../fields/mapped-plan.ts';
import type { MappedSurvey } from '../fields/mapped-survey.ts';
import type { Mapping, Place } from '../fields/mapping.ts';
import type { Field, FieldType, Forgettable } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { ListKind, NamedList } from '../match/list.ts';
import type { TimePart } from '../match/time.ts';
import type { CorrelationPlan, CorrelationType } from '../plan/correlation.ts';
import type { Suppression } from '../plan/event-plan.ts';
import type { Packager, PackageSettings, ReleasedRule, SettingProblem } from './package.ts';
import type { Publishing } from './publisher.ts';

/**
 * A target in terms of its own query type. Four things are its work: to say a plan in its language
 * (`lower`), to write and read that language (`print`, `parse`), to run it on events (`run`), and to
 * store a raw record as its SIEM would (`layout`).
 */
export interface BackendSpec<Query> {
  /** `splunk`: names the target everywhere. */
  readonly id: string;
  /** `Splunk`: for people. */
  readonly title: string;
  /** `SPL`. */
  readonly language: string;
  /** File name extension of a query, without the dot. */
  readonly extension: string;
  readonly capabilities: Capabilities;
  /** Facts of the language that no documentation settles; no emitted query depends on one. */
  readonly switches: readonly Switch[];
  /** Parsed mapping files, checked against the mapping schema when they are read. */
  readonly fields: readonly { readonly path: string; readonly document: unknown }[];
  /** What a place can't tell from an absent field. */
  forgets(place: Place): readonly Forgettable[];
  /** What is wrong, in a sentence, with the scope that a user's mapping gives. */
  scopeProblem?(scope: Mapping['scope']): string | undefined;
  /** What is wrong, in a sentence, with a place that a user's mapping names. */
  placeProblem?(place: Place, mapping: Pick<Mapping, 'scope' | 'prelude'>): string | undefined;
  /** What is wrong, in a sentence, with the prelude of a mapping; a target without has none. */
  preludeProblem?(prelude: string): string | undefined;
  /** Whether only the first of several values at a place can be read, whatever its mapping says. */
  readsFirst?(place: Place): boolean;
  /** Which fields a place can hold by its type, when it can't hold all. */
  holds?(place: Place): readonly FieldType[] | undefined;
  /** Says the plan exactly, or reports at the rule's spans what it can't say and returns nothing. */
  lower(plan: MappedPlan, report: LowerReport): Query | undefined;
  /**
   * Says a correlation exactly, or as one of its accepted approximations, or reports and returns nothing.
   * The query gives a row for each hit: the completing event's, with the group's values in the columns
   * that `keyColumn` names. Called only for the types among the capabilities.
   */
  correlate?(plan: MappedCorrelation, report: LowerReport): Query | undefined;
  /**
   * Says a survey, a query that is no rule: its rows count events instead of being hits. The columns are in
   * `MappedSurvey`.
   */
  survey?(survey: MappedSurvey, report: LowerReport): Query | undefined;
  /** The column that holds a group's value of a group-by field in a correlation's rows. */
  keyColumn?(name: string, plan: CorrelationPlan): string;
  /** An event in the target's layout as taken in at a time, unless it says so itself. Milliseconds since 1970. */
  takeIn?(event: TargetEvent, time: number): TargetEvent;
  /** When an event in the target's layout happened, milliseconds since 1970. */
  eventTime?(event: TargetEvent): number | undefined;
  /** Why the SIEM can't run a rule on a schedule. Milliseconds. */
  scheduleProblem?(schedule: RunSchedule): string | undefined;
  /**
   * Why the SIEM can't suppress alerts like this, by what stands in its columns: outputs by their names, keys of a
   * correlation by `keyColumn`. A backend that says it in the query reports when it lowers.
   */
  suppressProblem?(suppress: Suppression, columns: readonly string[]): SuppressProblem | undefined;
  /** The canonical text: `print(parse(print(q))) = print(q)`. Ends with a line feed. */
  print(query: Query): string;
  /** Reads any text of the supported subset; throws `QuerySyntaxError` on all else. */
  parse(text: string): Query;
  /** Runs a query on events in the target's layout. */
  run(query: Query, events: readonly TargetEvent[], options: RunOptions): RunResult;
  /** A raw record of the source as the target stores it. */
  layout(record: RawRecord, context: LayoutContext): TargetEvent;
  /** Tells at the rule's lines what of it the SIEM wouldn't take beside the query: its limits of names, texts, numbers. */
  packageProblems?(rule: ReleasedRule, report: FindingReport, settings: PackageSettings): void;
  /**
   * What is wrong with the settings of a destination, which has logs of these names; a target without this has no settings.
   */
  settingProblems?(
    settings: PackageSettings,
    sources: readonly string[],
  ): readonly SettingProblem[];
  /** What writes the files that the SIEM takes; loaded when something is packaged. */
  packager?(): Promise<Packager>;
  /** What brings its rules into the SIEM; loaded when something is published. */
  publishing?(): Promise<Publishing>;
  /** What an installation may lose of a record, among the fields that a rule reads; for warnings. */
  notes?(record: RawRecord, fields: readonly Field[], source: LogSource): readonly Note[];
}

/** Something to know of a record on a target. */
export interface Note {
  /** `<target>/<slug>`. */
  readonly code: string;
  readonly message: string;
}

/** What the SIEM's language can do, as data: shown in the documentation and used for refusals. */
export interface Capabilities {
  /** Sigma correlation types that can be said; which rules of a type can't is told when they are lowered. */
  readonly correlations: readonly CorrelationType[];
  /** Losses that an author can accept, and for which types that gives a query. */
  readonly approximations?: Readonly<Record<string, readonly CorrelationType[]>>;
  /** Whether queries run on a schedule and say themselves what is new; else the SIEM looks at events as they come. */
  readonly scheduled?: boolean;
  /**
   * The keys of a mapping's scope whose values tell the events of two log sources apart, whatever the case of
   * their letters. Without them no correlation is over several log sources.
   */
  readonly apart?: readonly string[];
  /** Parts of the event's time that can be asked for, in UTC. */
  readonly times?: readonly TimePart[];
  /** Whether two fields can be compared (`fieldref`). */
  readonly pairs?: boolean;
  /** Whether tests of one element of an array can be said (`field[any]`). */
  readonly elements?: boolean;
  /**
   * Kinds of named lists (`|expand`) that the SIEM keeps; rules with others need their entries written into the query.
   */
  readonly lists?: readonly ListKind[];
  /** The longest query text in characters. */
  readonly maxQueryLength?: number;
}

/** A named fact that documentation leaves open. */
export interface Switch {
  readonly name: string;
  /** Every reading that is possible; the first is the default. */
  readonly values: readonly [string, ...string[]];
  /** What is open, and where it was looked for. */
  readonly about: string;
}

/** What `lower` tells beside the query. */
export interface LowerReport {
  readonly report: FindingReport;
  /**
   * A fact that the query rests on and that no documentation settles; `switchName` is the interpreter's
   * switch for it, of which the query needs the default reading.
   */
  assume(assumption: string, switchName?: string): void;
  /** The query takes a loss that the author accepts: its code, and in words what differs. */
  approximate(code: string, what: string): void;
}

/** How often a rule runs, how late its records come, and how far back the SIEM must look each time. */
export interface RunSchedule {
  readonly every: number;
  readonly delay: number;
  readonly lookback: number;
}

/** What is wrong with a suppression, in a sentence: with its time, or with one of what it goes by. */
export interface SuppressProblem {
  readonly message: string;
  /** By its place in `by`. */
  readonly by?: number;
}

/** A JSON object as the source wrote it. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** A record in a target's own layout. */
export type TargetEvent = Readonly<Record<string, unknown>>;

/** With which table and in which of its variants to lay out a record. */
export interface LayoutContext {
  readonly source: LogSource;
  readonly mapping: Mapping;
  readonly variant: string;
  /** When the SIEM took the record in, milliseconds since 1970; left out: when it happened. */
  readonly ingested?: number;
}

/** How to run a query. */
export interface RunOptions {
  /** Readings of the switches; those left out have their default. */
  readonly switches?: Readonly<Record<string, string>>;
  /** The named lists that the SIEM keeps. */
  readonly lists?: readonly NamedList[];
  /** Where the logs are that the query is about, also those without an event. */
  readonly mappings?: readonly Mapping[];
  /** The time of the run, milliseconds since 1970; relative times count from it. */
  readonly now?: number;
}

/** A table, and which input events its rows stand for. */
export interface RunResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /**
   * Per row the index of its event, of a correlation the completing one; nothing where a row is no single
   * event.
   */
  readonly hits: readonly (number | undefined)[];
  /** Undocumented facts that this answer rests on. */
  readonly assumptions: readonly string[];
}

/** A query text that can't be read, and where. */
export class QuerySyntaxError extends Error {
  readonly start: number;
  readonly end: number;
  constructor(message: string, start: number, end: number) {
    super(message);
    this.name = 'QuerySyntaxError';
    this.start = start;
    this.end = end;
  }
}

/** A query that can be read but not run: an unknown function, a type error. */
export class QueryRunError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueryRunError';
  }
}

/** A target as the rest of the program sees it: text in, text out. */
export interface Backend
  extends Omit<BackendSpec<never>, 'lower' | 'correlate' | 'survey' | 'print' | 'parse' | 'run'> {
  /** Which of the target's installations is meant: what a project calls it, or else the target's id. */
  readonly destination: string;
  /** What the configuration says under `package:` of the destination. */
  readonly settings: PackageSettings;
  /** The query's text, or nothing when something was reported. */
  compile(plan: MappedPlan | MappedCorrelation, report: LowerReport): string | undefined;
  /** The text of a survey, or nothing when something was reported; a backend may know none. */
  survey?(survey: MappedSurvey, report: LowerReport): string | undefined;
  /** The canonical text of a query text. */
  format(text: string): string;
  /** Reads a query once to run it on many batches of events. */
  prepare(text: string): (events: readonly TargetEvent[], options?: RunOptions) => RunResult;
}

/** Checks nothing and hides the query type: what is compiled is exactly what is read back and run. */
export function defineBackend<Query>(spec: BackendSpec<Query>): Backend {
  const { lower, correlate, survey, print, parse, run, ...rest } = spec;
  return {
    ...rest,
    destination: spec.id,
    settings: {},
    compile(plan, report) {
      const query = plan.kind === 'event' ? lower(plan, report) : correlate?.(plan, report);
      return query === undefined ? undefined : print(query);
    },
    ...(survey !== undefined && {
      survey(mapped: MappedSurvey, report: LowerReport) {
        const query = survey(mapped, report);
        return query === undefined ? undefined : print(query);
      },
    }),
    format: (text) => print(parse(text)),
    prepare(text) {
      const query = parse(text);
      return (events, options = {}) => run(query, events, options);
    },
  };
}
