import { shippedLogSources } from '../logsource/catalog.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { NamedList } from '../match/list.ts';
import type { Range } from '../match/test.ts';

/** What a project's rules are planned with, beside other rules. */
export interface Catalog {
  /** The shipped log sources with the project's own; names are unique. */
  readonly sources: readonly LogSource[];
  /** The lists that `|expand` names. */
  readonly lists: ReadonlyMap<string, CatalogList>;
  /** The change windows that `|within` names: seconds of the week in UTC, as in `TimeIs`. */
  readonly windows: ReadonlyMap<string, readonly Range[]>;
}

/** A list, and whether its entries are written into queries instead of kept by the SIEM. */
export interface CatalogList extends NamedList {
  readonly inline: boolean;
  /** How its entries are found, where the list says so. */
  readonly baseline?: ListBaseline;
}

/** That a list holds what occurs in the last while, milliseconds, in so many events at least. */
export interface ListBaseline {
  readonly window: number;
  readonly atLeast: number;
}

let shipped: Catalog | undefined;

/** What there is without a project: the shipped log sources. */
export function shippedCatalog(): Catalog {
  shipped ??= { sources: shippedLogSources(), lists: new Map(), windows: new Map() };
  return shipped;
}
