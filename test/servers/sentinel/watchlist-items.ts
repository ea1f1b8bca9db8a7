import { timestamp } from '../http/clock.ts';
import {
  type ApiRequest,
  emptyReply,
  isObject,
  type JsonObject,
  jsonReply,
  objectIn,
  type Reply,
} from '../http/message.ts';
import { armError, badRequest, notFound } from './arm.ts';
import type { Watchlist, WatchlistItem } from './model.ts';
import { page } from './paging.ts';
import { newEtag } from './rule-store.ts';
import { notAllowed } from './rules.ts';
import { type WatchlistDesk, watchlistAt } from './watchlists.ts';

/** Does a request on the rows of a watchlist, or on one of them. */
export function itemsReply(
  request: ApiRequest,
  { alias, id }: { readonly alias: string; readonly id: string | undefined },
  desk: WatchlistDesk,
): Reply {
  const list = watchlistAt(alias, desk);
  if (list === undefined) return notFound(`Watchlist '${alias}'`);
  const shown = (item: WatchlistItem): JsonObject => shownItem(item, list, desk.scope);
  if (id === undefined) {
    const { items, readyAt } = list;
    const there = readyAt > desk.now() ? [] : items.map(shown);
    return request.method === 'GET'
      ? page(there, request, { ...desk, shuffled: false })
      : notAllowed();
  }
  const item = list.items.find((one) => one.id.toLowerCase() === id.toLowerCase());
  switch (request.method) {
    case 'GET':
      return item === undefined ? notFound(`Watchlist item '${id}'`) : jsonReply(200, shown(item));
    case 'PUT':
      return put(request, { id, item, list }, desk);
    case 'DELETE':
      if (item === undefined) return emptyReply(204);
      keep(
        list,
        list.items.filter((one) => one !== item),
        desk,
      );
      return emptyReply(200);
    default:
      return notAllowed();
  }
}

function put(
  request: ApiRequest,
  {
    id,
    item,
    list,
  }: { readonly id: string; readonly item: WatchlistItem | undefined; readonly list: Watchlist },
  desk: WatchlistDesk,
): Reply {
  const body = objectIn(request.body);
  const values = valuesIn(body, list);
  if (typeof values === 'string') {
    desk.violate(request, values);
    return badRequest(values);
  }
  if (item !== undefined && body?.['etag'] !== undefined && body['etag'] !== item.etag)
    return armError(409, 'Conflict', `Newer instance of watchlist item '${id}' exists.`);
  const time = desk.now();
  const next: WatchlistItem = {
    id: item?.id ?? id,
    etag: newEtag(desk.ids),
    values,
    created: item?.created ?? time,
    updated: time,
  };
  const others = list.items.filter((one) => one !== item);
  keep(
    list,
    item === undefined ? [...others, next] : list.items.map((one) => (one === item ? next : one)),
    desk,
  );
  return jsonReply(item === undefined ? 201 : 200, shownItem(next, list, desk.scope));
}

/** The values of a body, or why there are none. */
function valuesIn(body: JsonObject | undefined, { properties }: Watchlist): JsonObject | string {
  const sent = body?.['properties'];
  if (!isObject(sent)) return "Required property 'properties' not found in JSON.";
  const { itemsKeyValue: values } = sent;
  if (!isObject(values)) return "Required property 'itemsKeyValue' not found in JSON.";
  const stray = Object.keys(sent).find(
    (name) => !['itemsKeyValue', 'entityMapping'].includes(name),
  );
  if (stray !== undefined) return `Could not find member '${stray}'.`;
  const key = String(properties['itemsSearchKey']);
  return key in values ? values : `The item has no value of the search key '${key}'.`;
}

function keep(list: Watchlist, items: readonly WatchlistItem[], desk: WatchlistDesk): void {
  desk.lists.set(list.alias.toLowerCase(), { ...list, items, etag: newEtag(desk.ids) });
}

function shownItem(
  { id, etag, values, created, updated }: WatchlistItem,
  { alias }: Watchlist,
  scope: string,
): JsonObject {
  return {
    id: `${scope}/Watchlists/${alias}/WatchlistItems/${id}`,
    name: id,
    type: 'Microsoft.SecurityInsights/Watchlists/WatchlistItems',
    etag,
    properties: {
      watchlistItemId: id,
      watchlistItemType: 'watchlist-item',
      isDeleted: false,
      created: timestamp(created),
      updated: timestamp(updated),
      itemsKeyValue: values,
      entityMapping: {},
    },
  };
}
