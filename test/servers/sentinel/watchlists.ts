import { timestamp } from '../http/clock.ts';
import type { Ids } from '../http/ids.ts';
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
import { uploadedRows, watchlistProblem } from './watchlist-body.ts';

/** What handlers of watchlists share. */
export interface WatchlistDesk {
  readonly lists: Map<string, Watchlist>;
  readonly ids: Ids;
  readonly scope: string;
  readonly pageSize: number;
  readonly seed: number;
  /** How long uploads and deletions take. */
  readonly delay: number;
  url(): string;
  now(): number;
  violate(request: ApiRequest, message: string): void;
}

/** Does a request on the watchlists, or on one of them. */
export function watchlistsReply(
  request: ApiRequest,
  alias: string | undefined,
  desk: WatchlistDesk,
): Reply {
  if (alias === undefined) {
    if (request.method !== 'GET') return notAllowed();
    const all = [...desk.lists.keys()].flatMap((key) => watchlistAt(key, desk) ?? []);
    const shown = all.map((list) => shownList(list, desk));
    return page(shown, request, { ...desk, shuffled: false });
  }
  const list = watchlistAt(alias, desk);
  switch (request.method) {
    case 'GET':
      return list === undefined
        ? notFound(`Watchlist '${alias}'`)
        : jsonReply(200, shownList(list, desk));
    case 'PUT':
      return put(request, alias, list, desk);
    case 'DELETE':
      return remove(list, desk);
    default:
      return notAllowed();
  }
}

/** The watchlist of an alias, while it isn't wholly deleted. */
export function watchlistAt(alias: string, { lists, now }: WatchlistDesk): Watchlist | undefined {
  const list = lists.get(alias.toLowerCase());
  return list?.goneAt !== undefined && list.goneAt <= now() ? undefined : list;
}

/** Where the progress of an operation is told, by the time that it takes. */
export function operationReply(readyAt: string, now: number): Reply {
  const done = Number(readyAt) <= now;
  return jsonReply(200, { status: done ? 'Succeeded' : 'InProgress' });
}

/** Rows beside those that are there; a row of the same values is the same row, and none goes away. */
export function withRows(
  before: readonly WatchlistItem[],
  rows: readonly JsonObject[],
  { ids, now }: Pick<WatchlistDesk, 'ids' | 'now'>,
): readonly WatchlistItem[] {
  const known = new Map(before.map((item) => [keyOf(item.values), item]));
  for (const values of rows) {
    const key = keyOf(values);
    const time = now();
    if (known.has(key)) continue;
    known.set(key, { id: ids.uuid(), etag: newEtag(ids), values, created: time, updated: time });
  }
  return [...known.values()];
}

function keyOf(values: JsonObject): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function put(
  request: ApiRequest,
  alias: string,
  before: Watchlist | undefined,
  desk: WatchlistDesk,
): Reply {
  const body = objectIn(request.body);
  const problem =
    body === undefined ? 'The request content was invalid.' : watchlistProblem(alias, body);
  if (body === undefined || problem !== undefined) {
    desk.violate(request, problem ?? '');
    return badRequest(problem ?? '');
  }
  const properties = isObject(body['properties']) ? body['properties'] : {};
  if (before?.goneAt !== undefined)
    return armError(409, 'Conflict', `Watchlist '${alias}': Delete is currently in progress.`);
  if (before !== undefined && body['etag'] !== undefined && body['etag'] !== before.etag)
    return armError(409, 'Conflict', `Newer instance of watchlist '${alias}' exists.`);
  const key = before?.properties['itemsSearchKey'];
  if (key !== undefined && key !== properties['itemsSearchKey'])
    return badRequest("The property 'itemsSearchKey' of a watchlist can't be changed.");
  const time = desk.now();
  const uploads = properties['rawContent'] !== undefined;
  const list: Watchlist = {
    alias: before?.alias ?? alias,
    etag: newEtag(desk.ids),
    properties: keptProperties(properties, before, desk),
    items: withRows(before?.items ?? [], uploadedRows(properties), desk),
    readyAt: uploads ? time + desk.delay : time,
    goneAt: undefined,
  };
  desk.lists.set(alias.toLowerCase(), list);
  return jsonReply(before === undefined ? 201 : 200, shownList(list, desk), {
    'azure-asyncoperation': operationUrl(list.readyAt, desk),
  });
}

function remove(list: Watchlist | undefined, desk: WatchlistDesk): Reply {
  if (list === undefined) return emptyReply(204);
  if (list.readyAt > desk.now())
    return armError(409, 'Conflict', 'The watchlist is being uploaded and cannot be deleted.');
  const goneAt = desk.now() + desk.delay;
  desk.lists.set(list.alias.toLowerCase(), { ...list, goneAt });
  const location = operationUrl(goneAt, desk);
  return emptyReply(202, { 'azure-asyncoperation': location, location });
}

function operationUrl(readyAt: number, { url, scope }: WatchlistDesk): string {
  return `${url()}${scope}/operations/${readyAt}?api-version=2025-09-01`;
}

function keptProperties(
  sent: JsonObject,
  before: Watchlist | undefined,
  { ids, now }: WatchlistDesk,
): JsonObject {
  // The content isn't told again: it is in the items.
  const { rawContent: _, contentType: __, ...kept } = sent;
  const time = timestamp(now());
  return {
    watchlistId: before?.properties['watchlistId'] ?? ids.uuid(),
    description: '',
    labels: [],
    source: '',
    sourceType: 'Local',
    watchlistType: 'watchlist',
    numberOfLinesToSkip: 0,
    isDeleted: false,
    ...kept,
    created: before?.properties['created'] ?? time,
    updated: time,
  };
}

function shownList(list: Watchlist, { scope, now }: WatchlistDesk): JsonObject {
  const { alias, etag, properties, readyAt, goneAt } = list;
  const uploading = readyAt > now();
  const state = goneAt !== undefined ? 'Deleting' : uploading ? 'Uploading' : 'Succeeded';
  return {
    id: `${scope}/Watchlists/${alias}`,
    name: alias,
    type: 'Microsoft.SecurityInsights/Watchlists',
    etag,
    properties: {
      ...properties,
      watchlistAlias: alias,
      uploadStatus: uploading ? 'InProgress' : 'Complete',
      provisioningState: state,
    },
  };
}
