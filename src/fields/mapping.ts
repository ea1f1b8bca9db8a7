/** Where a target keeps the fields of one log source. One table serves compiling and laying out samples. */
export interface Mapping {
  /** The log source's name: `aws/cloudtrail`. */
  readonly source: string;
  /** Where the events are: the target's own words (an index macro, a table, a log type). */
  readonly scope: Readonly<Record<string, string>>;
  /** Layouts that installations differ in, the usual one first; at least one. */
  readonly variants: readonly string[];
  /** Which version of which parser or add-on the table holds for. */
  readonly parser: string | undefined;
  /** Commands of the target's language behind the scope, which make columns that places name. */
  readonly prelude?: string | undefined;
  readonly entries: readonly MappingEntry[];
}

/** Where one canonical field, or all fields below a path (`requestParameters.*`), are kept. */
export interface MappingEntry {
  readonly field: string;
  /** Disjoint places: a value is in exactly one of them. Empty when the target has none. */
  readonly places: readonly Place[];
  /** Why the target has no place for the field. */
  readonly refused: string | undefined;
  /** How the target shows that the field is absent, when it does so elsewhere. */
  readonly absence: Absence | undefined;
  readonly evidence: Evidence;
  /** Where the evidence is from. */
  readonly basis: string;
}

/** `documented` by the vendor, `observed` in real records or published rules, or `assumed`. */
export type Evidence = 'documented' | 'observed' | 'assumed';

/** The weakest of several evidences; of none: documented. */
export function weakest(evidences: Iterable<Evidence>): Evidence {
  const rank = { documented: 0, observed: 1, assumed: 2 } as const;
  let result: Evidence = 'documented';
  for (const evidence of evidences) if (rank[evidence] > rank[result]) result = evidence;
  return result;
}

/** One place in a target's schema. */
export interface Place {
  /** The target's own notation; a `*` stands for the rest of the canonical path. */
  readonly path: string;
  /** The type that the target gives it, in the target's words; its backend knows what it forgets. */
  readonly type: string;
  /** `all`: every value of a many-valued field is kept; `first`: only the first can be read. */
  readonly keeps: 'all' | 'first';
  /** Which values are kept here, when a field is split over places by what it holds. */
  readonly holds: 'anything' | 'addresses' | 'names';
  /**
   * Where records may have the value, when the place is a column that a prelude makes: the first that they have counts.
   */
  readonly stored: readonly string[];
  /** What stands here for each value that the field may have; nothing where values stand as they are. */
  readonly values: ReadonlyMap<string, string> | undefined;
  /** The text that stands here when the field is absent (the Splunk add-on's `success`). */
  readonly absent: string | undefined;
}

/** What stands at a place for a value; nothing for a value that the target has no word for. */
export function writtenAt({ values }: Place, text: string): string | undefined {
  return values === undefined ? text : values.get(text);
}

/** The field is absent exactly when another place holds a text. */
export interface Absence {
  readonly place: Place;
  readonly equals: string;
  /** What the other place holds when the field is present. */
  readonly otherwise: string;
}
