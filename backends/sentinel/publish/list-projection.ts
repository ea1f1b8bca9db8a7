import { byCodePoint, isMap, type Json, type Observed, type Projection } from '#backend';
import { watchlistProvider } from '../package/watchlists.ts';
import { listKey, listKind } from './identity.ts';
import { map, plain } from './normal-form.ts';

/** A row of a watchlist that is there. */
export interface Item {
  readonly id: string;
  readonly entry: Json;
}

/** A watchlist as it is compared: what it says of itself and what it holds, in an order that means nothing. */
export function listProjection(
  { displayName, description, itemsSearchKey }: Readonly<Record<string, unknown>>,
  entries: readonly Json[],
): Projection {
  return {
    displayName: plain(displayName) ?? '',
    description: plain(description) ?? '',
    itemsSearchKey: plain(itemsSearchKey) ?? '',
    entries: sortedEntries(entries),
  };
}

/** Entries in the order in which they are compared. */
export function sortedEntries(entries: readonly Json[]): readonly Json[] {
  return entries
    .map((entry) => [JSON.stringify(entry), entry] as const)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, entry]) => entry);
}

/** An entry as the text of a cell. */
export function entryText(entry: Json): string {
  return typeof entry === 'string' ? entry : JSON.stringify(entry);
}

/** The entries of a watchlist in its projection. */
export function entriesOf({ entries }: Projection): readonly Json[] {
  return Array.isArray(entries) ? entries : [];
}

/** Whether a watchlist is one that siemc makes. */
export function isMarked(resource: unknown): boolean {
  const { properties } = isMap(resource) ? resource : {};
  return isMap(properties) && properties['provider'] === watchlistProvider;
}

/** What goes on with a watchlist: the service takes its time for uploads and deletions. */
export function goingsOn(resource: unknown): 'uploading' | 'deleting' | undefined {
  const { properties } = isMap(resource) ? resource : {};
  const { provisioningState: state, uploadStatus: upload } = isMap(properties) ? properties : {};
  if (state === 'Deleting') return 'deleting';
  const isUploading = ['New', 'InProgress', 'Uploading'].some(
    (one) => state === one || upload === one,
  );
  return isUploading ? 'uploading' : undefined;
}

/** A watchlist as the service shows it, with its rows if they were asked for; nothing for what isn't one. */
export function observedList(resource: unknown, items: readonly Item[] = []): Observed | undefined {
  const { name: alias, etag, properties } = isMap(resource) ? resource : {};
  if (typeof alias !== 'string' || !isMap(properties)) return undefined;
  const { displayName } = properties;
  const state = goingsOn(resource);
  const entries = items.map(({ entry }) => entry);
  return {
    key: isMarked(resource) ? listKey(alias) : undefined,
    kind: listKind,
    name: typeof displayName === 'string' ? displayName : alias,
    id: alias,
    projection: { ...listProjection(properties, entries), ...(state !== undefined && { state }) },
    claims: [aliasClaim(alias)],
    ...(typeof etag === 'string' && { etag }),
    facts: { items: items as unknown as Json, kept: keptFacts(properties) },
  };
}

/** That no other watchlist has this alias; case doesn't count. */
export function aliasClaim(alias: string): string {
  return `watchlist alias:${alias.toLowerCase()}`;
}

/** The rows that are there, with their ids, as far as they are known. */
export function itemsOf({ facts }: Observed): readonly Item[] {
  return (facts?.['items'] ?? []) as unknown as readonly Item[];
}

/** A row as the service shows it; nothing for one that is deleted. */
export function itemIn(resource: unknown, searchKey: string): Item | undefined {
  const { name: id, properties } = isMap(resource) ? resource : {};
  const { itemsKeyValue: values, isDeleted } = isMap(properties) ? properties : {};
  if (typeof id !== 'string' || !isMap(values) || isDeleted === true) return undefined;
  // Columns that say nothing don't make a row another one.
  const said = Object.entries(values).filter(([, value]) => value !== null && value !== '');
  const [first] = said;
  if (said.length === 1 && first?.[0] === searchKey && typeof first[1] === 'string')
    return { id, entry: first[1] };
  return { id, entry: map(plain)(Object.fromEntries(said)) ?? {} };
}

/** What people may have set of a watchlist, and an update would take away if it didn't say it. */
function keptFacts(properties: Readonly<Record<string, unknown>>): Json {
  const names = ['labels', 'defaultDuration', 'source'];
  const said = names.flatMap((name) => {
    const value = plain(properties[name]);
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    return isEmpty ? [] : [[name, value] as const];
  });
  return Object.fromEntries(said);
}
