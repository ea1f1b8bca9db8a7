import { type ApiReply, isMap, type Observed, type Read, RemoteProblem } from '#backend';
import type { Addresses } from './addresses.ts';
import type { KeyOf } from './identity.ts';
import { goingsOn, type Item, isMarked, itemIn, observedList } from './list-projection.ts';
import { pagesOf } from './paging.ts';
import { observedRule } from './rules.ts';
import { messageOf } from './verdicts.ts';

/** All analytics rules of the workspace. */
export async function readRules(
  read: Read,
  at: Addresses,
  keyOf: KeyOf,
): Promise<readonly Observed[]> {
  const resources = await all(read, at.rules);
  return resources.flatMap((one) => observedRule(one, keyOf) ?? []);
}

/** One analytics rule; nothing where there is none of this id. */
export async function readRule(
  read: Read,
  at: Addresses,
  id: string,
  keyOf: KeyOf,
): Promise<Observed | undefined> {
  const reply = await read({ method: 'GET', url: at.rule(id), pace: 'reads' });
  return reply.status === 404 ? undefined : known(observedRule(reply.json, keyOf), reply);
}

/** All watchlists of the workspace; what siemc's hold, too. */
export async function readLists(read: Read, at: Addresses): Promise<readonly Observed[]> {
  const lists: Observed[] = [];
  for (const resource of await all(read, at.lists)) {
    const one = await listWithItems(resource, read, at);
    if (one !== undefined) lists.push(one);
  }
  return lists;
}

/**
 * One watchlist, of which `seen` is how it was before a write. While the service is busy with it nothing of the write is
 * to be seen: it is as before, or gone already.
 */
export async function readList(
  read: Read,
  at: Addresses,
  alias: string,
  seen: Observed | undefined,
): Promise<Observed | undefined> {
  const reply = await read({ method: 'GET', url: at.list(alias), pace: 'reads' });
  if (reply.status === 404) return undefined;
  if (goingsOn(reply.json) === 'uploading') return seen;
  return known(await listWithItems(reply.json, read, at), reply);
}

/** A watchlist with its rows; nothing if it is deleted meanwhile. */
async function listWithItems(
  resource: unknown,
  read: Read,
  at: Addresses,
): Promise<Observed | undefined> {
  const list = observedList(resource);
  if (list === undefined || !isMarked(resource) || goingsOn(resource) !== undefined) return list;
  const rows = await pagesOf(read, at.items(list.id));
  if (rows === undefined) return undefined;
  const searchKey = String(list.projection['itemsSearchKey']);
  const items = rows.flatMap((row): Item | readonly Item[] => itemIn(row, searchKey) ?? []);
  return observedList(resource, items);
}

async function all(read: Read, url: string): Promise<readonly unknown[]> {
  const resources = await pagesOf(read, url);
  if (resources !== undefined) return resources;
  throw new RemoteProblem(
    'publish/not-found',
    'There is no workspace with Microsoft Sentinel at this place.',
    'Check "subscription", "resourceGroup" and "workspace", and that the application may read them.',
  );
}

function known(observed: Observed | undefined, reply: ApiReply): Observed {
  if (observed !== undefined) return observed;
  const { id } = isMap(reply.json) ? reply.json : {};
  throw new RemoteProblem(
    'publish/unreadable-reply',
    `Microsoft Sentinel answers with what is no resource: ${messageOf(reply) ?? String(id ?? 'it has no name')}.`,
  );
}
