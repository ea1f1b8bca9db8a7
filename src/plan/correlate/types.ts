/** A group and its completing event: the event's index. */
export interface Hit {
  readonly event: number;
  /** The group's values, in the order of `group-by`; of a single event none. */
  readonly group: readonly string[];
}

/** An event at its place in the input. */
export interface IndexedRecord {
  readonly event: number;
  /** The name of its log source. */
  readonly source: string;
  readonly record: unknown;
}

/** Takes all events of one time, times in order, and gives the hits at that time. */
export type Stage = (time: number, batch: readonly IndexedRecord[]) => readonly Hit[];

/** What a member found for one group at one time. */
export interface Occurrence {
  readonly event: number;
  /** Occurrences of the same identity are one: an event, however many members found it. */
  readonly identity: string | number;
  readonly member: number;
  /** For each field of the condition its values. */
  readonly values: readonly (readonly string[])[];
}

/** Adds what a group got at a time and says whether the window that ends there satisfies the condition. */
export type Window = (time: number, arrived: readonly Occurrence[]) => boolean;
