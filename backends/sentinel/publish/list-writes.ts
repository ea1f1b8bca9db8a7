import {
  type Desired,
  isMap,
  type Json,
  nameUuid,
  type Observed,
  type Projection,
  type Write,
} from '#backend';
import { watchlistFacts } from '../package/watchlists.ts';
import type { Addresses } from './addresses.ts';
import { idOf } from './identity.ts';
import { contentFields, fitting, without } from './list-content.ts';
import { entriesOf, entryText, type Item, itemsOf, sortedEntries } from './list-projection.ts';
import { judgeItem, judgeList, judgeListDeletion } from './list-verdicts.ts';

/** The namespace of the ids of rows. */
const rowIds = '0b6fb0f4-6bb2-5c0e-9a4e-53d1b1a5f7c3';

/** Makes it, with all that it holds. */
export function creation({ key, kind, name, projection, claims }: Desired, at: Addresses): Write {
  const alias = idOf(key);
  const entries = entriesOf(projection);
  const now: Observed = { key, kind, name, id: alias, projection, claims };
  return {
    call: {
      method: 'PUT',
      url: at.list(alias),
      json: { properties: { ...told(alias, projection, {}), ...contentFields(entries) } },
      pace: 'writes',
    },
    what: 'create',
    repeatable: true,
    leadsTo: now,
    judge: (reply) => judgeList(reply, now),
  };
}

/** What it says of itself, beside what it holds. */
export function retelling({ name, projection }: Desired, seen: Observed, at: Addresses): Write {
  const now: Observed = {
    ...withoutEtag(seen),
    name,
    projection: { ...projection, entries: sortedEntries(entriesOf(seen.projection)) },
  };
  return {
    call: {
      method: 'PUT',
      url: at.list(seen.id),
      json: { ...etagOf(seen), properties: told(seen.id, projection, keptOf(seen)) },
      pace: 'writes',
    },
    what: 'update',
    repeatable: true,
    guarded: seen.etag !== undefined,
    leadsTo: now,
    judge: (reply) => judgeList(reply, now),
  };
}

/** Many rows at once: an upload adds to what is there. What it can't take is left for the next. */
export function upload(
  missing: readonly Json[],
  { projection }: Desired,
  seen: Observed,
  at: Addresses,
): Write {
  const sent = fitting(missing);
  const now = withEntries(seen, [...entriesOf(seen.projection), ...sent], itemsOf(seen));
  const properties = { ...told(seen.id, projection, keptOf(seen)), ...contentFields(sent) };
  return {
    call: {
      method: 'PUT',
      url: at.list(seen.id),
      json: { ...etagOf(seen), properties },
      pace: 'writes',
    },
    what: `add ${sent.length} rows`,
    repeatable: true,
    guarded: seen.etag !== undefined,
    leadsTo: now,
    judge: (reply) => judgeList(reply, now),
  };
}

/** One row more. */
export function addition(
  entry: Json,
  { projection }: Desired,
  seen: Observed,
  at: Addresses,
): Write {
  const items = itemsOf(seen);
  const id = freeId(seen.id, entry, items);
  const now = withEntries(seen, [...entriesOf(seen.projection), entry], [...items, { id, entry }]);
  const values: Json = { [String(projection['itemsSearchKey'])]: entry };
  return {
    call: {
      method: 'PUT',
      url: at.item(seen.id, id),
      json: { properties: { itemsKeyValue: values } },
      pace: 'writes',
    },
    what: 'add a row',
    repeatable: true,
    leadsTo: now,
    judge: (reply) => judgeItem(reply, now),
  };
}

/** One row less. */
export function removal(entry: Json, seen: Observed, at: Addresses): Write {
  const items = itemsOf(seen);
  const text = JSON.stringify(entry);
  const [item] = items
    .filter((one) => JSON.stringify(one.entry) === text)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const left = without(entriesOf(seen.projection), [entry]);
  const now = withEntries(
    seen,
    left,
    items.filter((one) => one !== item),
  );
  return {
    call: { method: 'DELETE', url: at.item(seen.id, item?.id ?? '{id}'), pace: 'deletes' },
    what: 'remove a row',
    repeatable: true,
    leadsTo: now,
    judge: (reply) => judgeItem(reply, now),
  };
}

/** Deletes it, and its rows with it. */
export function deletion(seen: Observed, at: Addresses): Write {
  return {
    call: { method: 'DELETE', url: at.list(seen.id), pace: 'deletes' },
    what: 'delete',
    repeatable: true,
    leadsTo: undefined,
    judge: judgeListDeletion,
  };
}

/** The properties of a request, beside the content; what people have set stays as it is. */
function told(
  alias: string,
  { displayName = null, description = null, itemsSearchKey = null }: Projection,
  kept: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const { provider, source } = watchlistFacts(alias);
  return { displayName, description, provider, source, itemsSearchKey, ...kept };
}

/** The id of a new row: made of what it says, and none that is there. */
function freeId(alias: string, entry: Json, items: readonly Item[]): string {
  const taken = new Set(items.map(({ id }) => id.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const id = nameUuid(rowIds, `${alias}/${number}/${entryText(entry)}`);
    if (!taken.has(id)) return id;
  }
}

function withEntries(seen: Observed, entries: readonly Json[], items: readonly Item[]): Observed {
  return {
    ...withoutEtag(seen),
    projection: { ...seen.projection, entries: sortedEntries(entries) },
    facts: { ...seen.facts, items: items as unknown as Json },
  };
}

/** The etag changes with each row: that of before says nothing any more. */
function withoutEtag({ etag: _, ...seen }: Observed): Observed {
  return seen;
}

function etagOf({ etag }: Observed): Readonly<Record<string, Json>> {
  return etag === undefined ? {} : { etag };
}

function keptOf({ facts }: Observed): Readonly<Record<string, Json>> {
  const kept = facts?.['kept'];
  return isMap(kept) ? (kept as Readonly<Record<string, Json>>) : {};
}
