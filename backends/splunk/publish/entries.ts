import { type ApiReply, isMap, RemoteProblem } from '#backend';
import { type Acl, names } from './held.ts';
import type { Content } from './values.ts';

/** An object as splunkd shows it. */
export interface Entry {
  readonly name: string;
  /** The app that it is of; a namespace also shows what other apps share with all. */
  readonly app: string;
  readonly acl: Acl;
  /** Whether it can be deleted; what comes with an app can't. */
  readonly isRemovable: boolean;
  readonly content: Content;
}

/** A page of a collection. */
export interface Page {
  readonly entries: readonly Entry[];
  /** How many there are on all pages. */
  readonly total: number;
}

/** The page that a reply is. */
export function pageOf({ json }: ApiReply): Page {
  const { entry, paging } = isMap(json) ? json : {};
  const { total } = isMap(paging) ? paging : {};
  if (!Array.isArray(entry) || typeof total !== 'number') throw unreadable();
  return {
    total,
    entries: entry.map((one) => {
      const read = entryOf(one);
      if (read === undefined) throw unreadable();
      return read;
    }),
  };
}

/** The only object in a reply, if it is one. */
export function onlyEntry({ json }: ApiReply): Entry | undefined {
  const { entry } = isMap(json) ? json : {};
  return Array.isArray(entry) && entry.length === 1 ? entryOf(entry[0]) : undefined;
}

/** Whether a reply says that something was done or found. */
export function isSuccess({ status }: ApiReply): boolean {
  return status >= 200 && status < 300;
}

/** The texts of all messages, on one line. */
export function messageOf({ json }: ApiReply): string | undefined {
  const { messages } = isMap(json) ? json : {};
  const texts = Array.isArray(messages)
    ? messages.flatMap((one) => (isMap(one) && typeof one['text'] === 'string' ? one['text'] : []))
    : [];
  const text = texts
    .join(' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return text === '' ? undefined : text;
}

function entryOf(value: unknown): Entry | undefined {
  const { name, acl, content } = isMap(value) ? value : {};
  if (typeof name !== 'string' || !isMap(acl) || !isMap(content)) return undefined;
  const { app, owner, sharing, removable, perms } = acl;
  const { read, write } = isMap(perms) ? perms : {};
  if (typeof app !== 'string' || typeof sharing !== 'string') return undefined;
  return {
    name,
    app,
    acl: { owner: String(owner ?? ''), sharing, read: names(read), write: names(write) },
    isRemovable: removable !== false && removable !== 0 && removable !== '0',
    content,
  };
}

/** A reply of success that shows no object. */
export function unreadable(): RemoteProblem {
  return new RemoteProblem(
    'publish/unreadable-reply',
    "Splunk's list of saved searches or macros isn't as its REST API says.",
    'Make sure that `publish.url` is the management port of a Splunk search head.',
  );
}
