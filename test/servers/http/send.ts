import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import {
  type ApiRequest,
  emptyReply,
  isObject,
  objectIn,
  pageReply,
  type Reply,
} from './message.ts';
import type { Api } from './server.ts';

/** A fault, and what it befalls. */
export interface Befallen {
  readonly fault: Fault;
  readonly request: ApiRequest;
  readonly api: Api;
  readonly url: string;
}

/** Sends a reply, or what a fault makes of it; without a reply no work was done. */
export async function send(
  response: ServerResponse,
  reply: Reply | undefined,
  now: number,
  befallen?: Befallen,
): Promise<void> {
  if (befallen === undefined) return write(response, reply ?? emptyReply(500), now);
  const { fault, request, api, url } = befallen;
  if (fault.kind === 'cut') return cut(response, fault.at, reply, now);
  if (fault.kind === 'slow') await sleep(fault.milliseconds);
  return write(response, spoiled(fault, reply ?? emptyReply(200), { request, api, url, now }), now);
}

function write(response: ServerResponse, { status, headers, body }: Reply, now: number): void {
  response.sendDate = false;
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(status, {
    date: new Date(now).toUTCString(),
    ...headers,
    ...(status === 204 ? {} : { 'content-length': bytes.length }),
  });
  response.end(bytes);
}

function cut(
  response: ServerResponse,
  at: 'start' | 'middle',
  reply: Reply | undefined,
  now: number,
): void {
  if (at === 'start') {
    response.destroy();
    return;
  }
  const { status, headers, body } = reply ?? { ...emptyReply(200), body: '{"value":[]}' };
  const bytes = Buffer.from(`${body} `, 'utf8');
  response.sendDate = false;
  response.writeHead(status, {
    date: new Date(now).toUTCString(),
    ...headers,
    'content-length': bytes.length,
  });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

interface Circumstances extends Omit<Befallen, 'fault'> {
  readonly now: number;
}

function spoiled(
  fault: Exclude<Fault, { readonly kind: 'cut' }>,
  reply: Reply,
  { request, api, url, now }: Circumstances,
): Reply {
  switch (fault.kind) {
    case 'slow':
      return reply;
    case 'status':
      return waitingFor(api.failure(fault.status), fault.retryAfter, now);
    case 'page':
      return pageReply(fault.status, fault.status === 200 ? 'Sign in' : 'Not Found');
    case 'truncated':
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    case 'content-type':
      return { ...reply, headers: { ...reply.headers, 'content-type': fault.type } };
    case 'redirect': {
      const query = request.query.size === 0 ? '' : `?${request.query}`;
      return emptyReply(fault.status, { location: `${fault.origin}${request.path}${query}` });
    }
    case 'foreign-links':
      return foreignLinks(reply, url, fault.origin);
    case 'looping-links':
      return loopingLinks(reply, url, request);
  }
}

function waitingFor(
  reply: Reply,
  retryAfter: (Fault & { readonly kind: 'status' })['retryAfter'],
  now: number,
): Reply {
  if (retryAfter === undefined) return reply;
  const { seconds, as } = retryAfter;
  const value = as === 'seconds' ? `${seconds}` : new Date(now + seconds * 1000).toUTCString();
  return { ...reply, headers: { ...reply.headers, 'retry-after': value } };
}

/** Every address of the server becomes one of the other host; a page token becomes an address there. */
function foreignLinks(reply: Reply, url: string, origin: string): Reply {
  const moved = (text: string): string => text.replaceAll(url, origin);
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name, moved(value)]),
  );
  const value = objectIn(moved(reply.body));
  const token = isObject(value) && 'nextPageToken' in value;
  return {
    ...reply,
    headers,
    body: token ? JSON.stringify({ ...value, nextPageToken: `${origin}/page` }) : moved(reply.body),
  };
}

/** The next page is this one, with its own link or token. */
function loopingLinks(reply: Reply, url: string, request: ApiRequest): Reply {
  const value = objectIn(reply.body);
  const asked = request.query.get('pageToken');
  if (value !== undefined && Array.isArray(value['value'])) {
    const nextLink = `${url}${request.path}?${request.query}`;
    return { ...reply, body: JSON.stringify({ ...value, nextLink }) };
  }
  if (value === undefined || (asked === null && !('nextPageToken' in value))) return reply;
  const nextPageToken = asked ?? value['nextPageToken'];
  return { ...reply, body: JSON.stringify({ ...value, nextPageToken }) };
}
