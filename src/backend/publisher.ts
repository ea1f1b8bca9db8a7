import type { Finding } from '../diagnostics/diagnostic.ts';
import type { ApiCall, ApiReply, Json, Read, Surroundings, Token } from './api.ts';
import type { PackageSettings, SettingProblem } from './package.ts';

/** What the configuration says under `publish:` of a destination. */
export type PublishSettings = Readonly<Record<string, unknown>>;

/** How a target's rules get into its SIEM; loaded when something is published. */
export interface Publishing {
  /** What is wrong with the settings, also what is missing. */
  settingProblems(settings: PublishSettings): readonly SettingProblem[];
  /** Settings without problems become what talks to one installation. Sends nothing. */
  publisher(given: PublishTarget): Publisher;
}

/** A destination to publish to. */
export interface PublishTarget {
  readonly destination: string;
  readonly settings: PublishSettings;
  readonly package: PackageSettings;
}

/** What is built for a destination, on disk or in a commit. */
export interface BuiltFiles {
  readonly destination: string;
  /** The rules that have a query there, in the order of their stems. */
  readonly rules: readonly BuiltRuleFiles[];
  /** The files that rules share, by their paths below the folder of the destination. */
  readonly shared: readonly string[];
  /** The text of a file, by its path below the folder of the destination; nothing where there is none. */
  read(path: string): string | undefined;
}

/** A rule as the manifest lists it. */
export interface BuiltRuleFiles {
  /** The id by which it was released: `ReleasedRule.id`. */
  readonly id: string;
  readonly title: string;
  /** Its files are `<stem>.<extension>`. */
  readonly stem: string;
  /** Its query and what was packaged of it alone, by their paths below the folder of the destination. */
  readonly files: readonly string[];
}

/**
 * What a SIEM can hold of ours, as plain data. A projection holds what siemc says of the object and nothing else, in one
 * normal form, whether it comes from `dist-rules` or from the SIEM: two that are the same to the SIEM are the same JSON. No
 * ids that the SIEM chooses, no etags, no times.
 */
export type Projection = Readonly<Record<string, Json>>;

/** An object as it should be. */
export interface Desired {
  /** `rule:<id of the rule>`, `list:<name>`, `macro:<name>`: the same in every build. */
  readonly key: string;
  /** `analytics rule`, `watchlist`: for people. */
  readonly kind: string;
  /** What the SIEM calls it. */
  readonly name: string;
  /** Of which rule it is; lists and macros are of several. */
  readonly rule?: { readonly id: string; readonly title: string; readonly stem: string };
  readonly projection: Projection;
  /** The keys of what has to be there before, else the SIEM refuses it or runs it wrongly. */
  readonly needs: readonly string[];
  /** Names that nothing else there may have: `display name:aws image copied`. Folded as the SIEM does. */
  readonly claims: readonly string[];
}

/** An object as it is in the SIEM. */
export interface Observed {
  /** Which of ours it is, by what the object itself shows. Of objects that others made: nothing. */
  readonly key: string | undefined;
  readonly kind: string;
  readonly name: string;
  /** The SIEM's own name for it. */
  readonly id: string;
  readonly projection: Projection;
  readonly claims: readonly string[];
  /** Changes whenever the object does, if the SIEM has such a thing; sent back with writes. */
  readonly etag?: string;
  /** What `next` needs to know beside the projection: what siemc doesn't say of the object, but must not lose. */
  readonly facts?: Readonly<Record<string, Json>>;
}

/** How an object should be, or that it should be gone. */
export type Goal =
  | {
      readonly kind: 'present';
      readonly object: Desired;
      /** How many identities were found unusable so far (`Verdict.other`): 0 at first. */
      readonly attempt: number;
    }
  | { readonly kind: 'absent' };

/** A request that changes something, and what comes of it. */
export interface Write {
  readonly call: ApiCall;
  /** `create`, `set permissions`: for people. */
  readonly what: string;
  /** Whether sending it twice is as good as once, whatever became of the first. */
  readonly repeatable: boolean;
  /**
   * Whether the SIEM itself refuses it where somebody has changed the object since it was seen, or made one: it sends the
   * etag back, or creates and never writes over. Before others what is there is read, and after each reply that is lost.
   */
  readonly guarded?: boolean;
  /**
   * Whether two who create the same object at once make two of it. Then it is looked for once it is created: of several
   * `observeOne` has to give all who ask the same one, and who made another deletes that.
   */
  readonly mayDouble?: boolean;
  /** What is there when it was carried out; nothing where it deletes. An id that the SIEM chooses is `{id}`. */
  readonly leadsTo: Observed | undefined;
  /**
   * How else it may be then, where no documentation says it or only a part may have been carried out: ours as `leadsTo` is,
   * and the goal is reached from there as well.
   */
  readonly mayLeadTo?: readonly Projection[];
  /**
   * Whether a person could as well have made of the object what the write leads to, by a switch in the console. Then only
   * the journal or the state can tell, and without them the object counts as edited.
   */
  readonly looksEdited?: boolean;
  /** What a reply says; those of 401, 429, 5xx and without JSON are dealt with before. */
  judge(reply: ApiReply): Verdict;
}

/** What became of a write, by its reply. */
export type Verdict =
  /** Carried out: this is there now. */
  | { readonly kind: 'done'; readonly now: Observed | undefined }
  /** Somebody was faster, or it may have been carried out before: the object has to be read again. */
  | { readonly kind: 'moved' }
  /** The object can't have this identity: it is tried with another (`Goal.attempt`). */
  | { readonly kind: 'other' }
  /** The SIEM doesn't take it, and won't: in a sentence why, and what would be right. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint?: string };

/** What the SIEM says of an object before it is written: a question that changes nothing. */
export interface Check {
  readonly call: ApiCall;
  /** What is wrong, in sentences, by a reply of any status below 500; nothing if the SIEM would take it. */
  problems(reply: ApiReply): readonly string[];
  /** What is asked instead where the reply is 404: an older form of the question. */
  readonly otherwise?: Check;
}

/** How much at once a SIEM may be asked. */
export interface Pacing {
  /** How many objects are written at a time. */
  readonly atOnce: number;
  /** How often, by `ApiCall.pace`: so many at once, then so many a second. The vendor's figures, or fewer. */
  readonly rates: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>>;
  /** For how many milliseconds to wait for a reply. */
  readonly timeout: number;
  /**
   * When it isn't known whether a write was carried out and nothing of it is to be seen: after how many milliseconds to look
   * again, each time, before it is sent once more. None where a write shows at once.
   */
  readonly settle: readonly number[];
}

/**
 * Talks to one installation of a SIEM: builds requests and reads replies. It sends nothing itself; `read` is given to it. All
 * of it can be called again at any time, after any failure.
 */
export interface Publisher {
  /** Where it publishes, for people, and to know another place by: `https://splunk.example.org:8089, app siemc_detections`. */
  readonly endpoint: string;
  /** `https://host:port`: where the token may go. */
  readonly origins: readonly string[];
  /** The path of a file with certificates of authorities to trust beside the usual ones, from the root of the project. */
  readonly authorities?: string;
  readonly pacing: Pacing;
  signIn(surroundings: Surroundings): Promise<Token>;
  /** The message in a reply that refuses something. */
  messageOf(reply: ApiReply): string | undefined;
  /** What should be there. What can't be read is told with the path of the file below the folder of the destination. */
  desired(
    built: BuiltFiles,
    report: (path: string, finding: Omit<Finding, 'span'>) => void,
  ): readonly Desired[];
  /**
   * All that is there, ours and others': as few requests as there are pages. Rules are known by marks of their own and
   * by these ids, of rules that are or were built here; the SIEM's names for them may be made of those.
   */
  observe(read: Read, ruleIds: readonly string[]): Promise<readonly Observed[]>;
  /** One object as it is now. `seen` is how it was before the last write, which was to make it what `goal` says. */
  observeOne(read: Read, goal: Goal, seen: Observed | undefined): Promise<Observed | undefined>;
  /**
   * The next request on the way to the goal; nothing when it is reached. Carrying out each, and what each leads to, reaches
   * it in a few steps. Throws nothing: what can't be done has no `Write`, see `stuck`.
   */
  next(goal: Goal, seen: Observed | undefined): Write | undefined;
  /** Why the goal can't be reached though `next` has nothing to do: `Reference lists can't be deleted.` */
  stuck?(goal: Goal, seen: Observed | undefined): string | undefined;
  /** What to ask before the first write of an object, once all that it needs is there. */
  checks?(object: Desired, seen: Observed | undefined): readonly Check[];
  /** How an object that isn't wanted any more should be: still there, without effect. Of what can't be so: nothing. */
  retired(seen: Observed): Desired | undefined;
  /** An object as files for people: text by path. */
  exported(seen: Observed): ReadonlyMap<string, string>;
}
