import { isObject, type JsonObject, jsonReply, objectIn, type Reply } from '../http/message.ts';
import type { Call, Desk } from './desk.ts';
import { statusReply } from './status.ts';

/**
 * A page of a list: 100 entries unless more are asked for, 1,000 at most. A token counts only for the request that it
 * was given for, with all its other parameters.
 */
export function pageReply(
  name: string,
  entries: readonly JsonObject[],
  { request }: Pick<Call, 'request'>,
  { longestPage }: Pick<Desk, 'longestPage'>,
): Reply {
  const { query, path } = request;
  const size = Number(query.get('pageSize') || '100');
  if (!Number.isInteger(size) || size < 0)
    return statusReply('INVALID_ARGUMENT', `Invalid page size "${query.get('pageSize')}".`);
  const asked = JSON.stringify([
    path,
    [...query].filter(([key]) => !['pageToken', 'pageSize'].includes(key)).sort(),
  ]);
  const token = query.get('pageToken') ?? '';
  const start = token === '' ? 0 : startOf(token, asked);
  if (start === undefined)
    return statusReply('INVALID_ARGUMENT', `Invalid page token "${token}" for this request.`);
  const end = start + Math.min(size === 0 ? 100 : size, 1000, longestPage);
  const next = Buffer.from(JSON.stringify({ asked, end })).toString('base64url');
  const page = entries.slice(start, end);
  return jsonReply(200, {
    ...(page.length > 0 && { [name]: page }),
    ...(end < entries.length && { nextPageToken: next }),
  });
}

function startOf(token: string, asked: string): number | undefined {
  const value = objectIn(Buffer.from(token, 'base64url').toString('utf8'));
  return isObject(value) && value['asked'] === asked ? Number(value['end']) : undefined;
}
