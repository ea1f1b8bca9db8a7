import type { ApiCall, Json } from '../backend/api.ts';

/**
 * What a plan makes of an object, from how it should be, how it was applied last and how it is. Those of `acts` are carried
 * out; the others are told.
 */
export type PlannedState =
  /** As it should be. */
  | 'unchanged'
  | 'create'
  | 'update'
  /** Not wanted any more: left there without effect. */
  | 'disable'
  | 'delete'
  /** Not wanted any more, and without effect already; or it can't be deleted. */
  | 'retired'
  /** Edited in the SIEM since it was applied, while the built rule is the same. */
  | 'drifted'
  /** Deleted in the SIEM since it was applied. */
  | 'missing'
  /** Edited in the SIEM since it was applied, and built otherwise or removed meanwhile. */
  | 'conflict'
  /** Something is in the way that siemc doesn't touch: a name that another object has, or a second object of the rule. */
  | 'blocked';

/** The states in which something is done. */
export const acts: ReadonlySet<PlannedState> = new Set(['create', 'update', 'disable', 'delete']);

/** The states that somebody has to decide about. */
export const undecided: ReadonlySet<PlannedState> = new Set([
  'drifted',
  'missing',
  'conflict',
  'blocked',
]);

/** What differs in one place between how an object is and how it will be. Nothing stands for an absent value. */
export interface Change {
  /** `search`, `properties.queryFrequency`. */
  readonly path: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

/** A request as a plan shows it. */
export interface PlannedCall {
  /** `create`, `check`. */
  readonly what: string;
  readonly call: ApiCall;
}

/** What a plan says of one object. */
export interface PlannedObject {
  readonly key: string;
  /** `saved search`. */
  readonly kind: string;
  readonly name: string;
  readonly rule: { readonly id: string; readonly title: string; readonly stem: string } | undefined;
  readonly state: PlannedState;
  /** In a sentence, where the state doesn't say it all. */
  readonly why: string | undefined;
  /**
   * From how it is to how it should be: what is done about it, or of what is undecided, what would be. Of objects that
   * are created or deleted: none.
   */
  readonly changes: readonly Change[];
  /** In their order; of what is undecided none. */
  readonly calls: readonly PlannedCall[];
  /** The fingerprint of how it is; nothing where it isn't there. */
  readonly seen: string | undefined;
}

/** What is to be done at one destination. */
export interface DestinationPlan {
  readonly destination: string;
  readonly target: string;
  /** The title of the target. */
  readonly title: string;
  /** `Publisher.endpoint`. */
  readonly endpoint: string;
  /** In the order in which they are carried out. */
  readonly objects: readonly PlannedObject[];
  /** How many objects are there that aren't of this project. */
  readonly foreign: number;
  /** What else people should know: an apply that was cut off, a state that was lost. */
  readonly notes: readonly string[];
}

/** What the caller asks for. */
export interface PlanOptions {
  /** Only what concerns these rules: ids, paths below the detections, or titles. Nothing: all. */
  readonly rules: readonly string[] | undefined;
  /** Whether what was edited or deleted in the SIEM is made as it is built. */
  readonly overwriteDrift: boolean;
  /** What becomes of objects that aren't wanted any more. */
  readonly removed: 'disable' | 'delete';
}

/** A plan as it is saved. */
export interface Plan {
  readonly plan: 1;
  /** The version of siemc that made it. */
  readonly compiler: string;
  /** Of a rollback, the commit whose build it is of. */
  readonly commit?: string;
  readonly options: PlanOptions;
  readonly destinations: readonly DestinationPlan[];
}

/** What became of an object that a plan had something to do about. */
export interface Applied {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly rule: PlannedObject['rule'];
  readonly state: PlannedState;
  readonly outcome: /** It is now as planned. */
    | 'done'
    /** Somebody changed it since: left as it is now. */
    | 'lost'
    /** The SIEM doesn't take it. */
    | 'refused'
    /** The SIEM failed, and it isn't as planned. */
    | 'failed'
    /** The SIEM failed, and how it is now couldn't be read. */
    | 'unknown'
    /** Not tried: what it needs isn't there, or the SIEM can't be reached any more. */
    | 'skipped';
  readonly why: string | undefined;
  readonly hint: string | undefined;
}

/** What became of a destination's plan. */
export interface DestinationResult {
  readonly destination: string;
  readonly endpoint: string;
  readonly applied: readonly Applied[];
  /** Of the plan, what nothing was done about. */
  readonly unchanged: number;
  readonly undecided: readonly PlannedObject[];
}
