import { type Key, macroKeys, markerKey, searchKeys } from './keys.ts';

/** What an app holds and REST reaches. */
export interface Kind {
  /** For people. */
  readonly word: string;
  readonly plural: string;
  /** Begins the keys of such objects, before a colon. */
  readonly begin: string;
  /** The path of the collection in a namespace. */
  readonly collection: readonly string[];
  readonly keys: readonly Key[];
  /** Settings that a new one has beside those that siemc compares. */
  readonly first: readonly (readonly [name: string, value: string])[];
  /** Whether it can be there without effect. */
  readonly disables: boolean;
}

/** Saved searches: a rule is one, or while it gets another title two. */
export const searches: Kind = {
  word: 'saved search',
  plural: 'saved searches',
  begin: 'rule',
  collection: ['saved', 'searches'],
  keys: searchKeys,
  // It isn't among the actions: its parameters only say whose the search is.
  first: [['action.siemc', '0']],
  disables: true,
};

/** Search macros. Without one a search that names it fails, whoever wrote it: they are never disabled. */
export const macros: Kind = {
  word: 'search macro',
  plural: 'search macros',
  begin: 'macro',
  collection: ['configs', 'conf-macros'],
  keys: macroKeys,
  first: [],
  disables: false,
};

/** The kind of an object, by its word. */
export function kindOf({ kind }: { readonly kind: string }): Kind {
  return kind === macros.word ? macros : searches;
}

/**
 * Which of siemc's an object of its app is, by what it shows. Macros have no place for a mark: siemc's are those that stand
 * for the indexes of a log, as its own mappings name them.
 */
export function keyOf(
  kind: Kind,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): string | undefined {
  if (isReserved(name)) return undefined;
  if (kind === macros) return isIndexMacro(name) ? `${kind.begin}:${name}` : undefined;
  const id = settings[markerKey];
  return typeof id === 'string' && id !== '' ? `${kind.begin}:${id}` : undefined;
}

/** Whether a macro is one that siemc makes and changes over REST. */
export function isIndexMacro(name: string): boolean {
  return /^siemc_index_\w+$/.test(name);
}

/**
 * Names that no path can have, or that mean something else in one: the folder itself, the one above, and what Splunk
 * calls the form of a new one.
 */
export function isReserved(name: string): boolean {
  return ['', '.', '..', '_new'].includes(name) || /[\ud800-\udfff]/u.test(name);
}
