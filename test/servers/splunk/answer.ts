import { type JsonObject, jsonReply, type Reply } from '../http/message.ts';

/** What splunkd answers, before it is written as Atom or as JSON. */
export type Answer = Feed | Messages | Bare;

/** Objects of a collection. */
export interface Feed {
  readonly kind: 'feed';
  readonly status: number;
  /** The path of the collection. */
  readonly path: string;
  readonly entries: readonly Entry[];
  readonly total: number;
  readonly perPage: number;
  readonly offset: number;
}

/** One of them. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly updated: string;
  readonly author: string;
  readonly acl: JsonObject;
  readonly content: JsonObject;
}

/** What splunkd has to say instead. */
export interface Messages {
  readonly kind: 'messages';
  readonly status: number;
  readonly messages: readonly { readonly type: string; readonly text: string }[];
}

/** An answer that isn't about objects. */
export interface Bare {
  readonly kind: 'bare';
  readonly status: number;
  readonly value: JsonObject;
}

/** A refusal with one message. */
export function refusal(status: number, text: string, type: string = 'ERROR'): Messages {
  return { kind: 'messages', status, messages: [{ type, text }] };
}

/** An answer as JSON (`output_mode=json`), or as the XML that splunkd writes unless it is asked. */
export function rendered(
  answer: Answer,
  json: boolean,
  { origin, version }: { readonly origin: string; readonly version: string },
): Reply {
  if (json) return jsonReply(answer.status, asJson(answer, origin, version));
  return {
    status: answer.status,
    headers: { 'content-type': 'text/xml; charset=UTF-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${asXml(answer, origin, version)}`,
  };
}

function asJson(answer: Answer, origin: string, version: string): JsonObject {
  switch (answer.kind) {
    case 'bare':
      return answer.value;
    case 'messages':
      return { messages: answer.messages };
    case 'feed':
      return {
        links: { create: `${answer.path}/_new`, _reload: `${answer.path}/_reload` },
        origin: `${origin}${answer.path}`,
        updated: answer.entries[0]?.updated ?? '1970-01-01T00:00:00+00:00',
        generator: { build: 'd8bb32809498', version },
        entry: answer.entries.map(({ path, ...entry }) => ({
          ...entry,
          id: `${origin}${path}`,
          links: { alternate: path, list: path, edit: path, remove: path },
        })),
        paging: { total: answer.total, perPage: answer.perPage, offset: answer.offset },
        messages: [],
      };
  }
}

function asXml(answer: Answer, origin: string, version: string): string {
  switch (answer.kind) {
    case 'bare':
      return `<response>${Object.entries(answer.value)
        .map(([name, value]) => `<${name}>${escaped(textOf(value))}</${name}>`)
        .join('')}</response>\n`;
    case 'messages':
      return `<response>\n  <messages>\n${answer.messages
        .map(({ type, text }) => `    <msg type="${escaped(type)}">${escaped(text)}</msg>\n`)
        .join('')}  </messages>\n</response>\n`;
    case 'feed':
      return [
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:s="http://dev.splunk.com/ns/rest">',
        `  <id>${escaped(origin + answer.path)}</id>`,
        `  <generator version="${escaped(version)}"/>`,
        ...answer.entries.map((entry) => entryXml(entry, origin)),
        '</feed>\n',
      ].join('\n');
  }
}

function entryXml({ name, path, updated, author, content }: Entry, origin: string): string {
  const keys = Object.entries(content).map(
    ([key, value]) => `<s:key name="${escaped(key)}">${escaped(textOf(value))}</s:key>`,
  );
  return [
    `  <entry><title>${escaped(name)}</title><id>${escaped(origin + path)}</id>`,
    `<updated>${updated}</updated><author><name>${escaped(author)}</name></author>`,
    `<content type="text/xml"><s:dict>${keys.join('')}</s:dict></content></entry>`,
  ].join('');
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
