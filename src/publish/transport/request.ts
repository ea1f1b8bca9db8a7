import { type ApiCall, RemoteProblem } from '../../backend/api.ts';
import { version } from '../../version.generated.js';
import { addressOf } from './address.ts';

/** A request, ready to be written. */
export interface HttpRequest {
  readonly method: ApiCall['method'];
  readonly origin: string;
  /** For people: with its port, if that isn't the usual one. */
  readonly host: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What stands in these is said by the call's other parts, or by nobody. */
const reserved = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A call as a request. An address or a header that can't be sent as it is meant is a `RemoteProblem`. */
export function requestOf(call: ApiCall): HttpRequest {
  const { origin, host, pathname, search } = addressOf(call.url);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': `siemc/${version}`,
    ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(call.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    const lower = name.toLowerCase();
    if (reserved.has(lower)) throw new Error(`A call can't have the header "${name}".`);
    headers[lower] = headerValue(name, value);
  }
  return {
    method: call.method,
    origin,
    host,
    path: pathname + search,
    headers,
    body: bodyOf(call),
  };
}

/** The same, as somebody. */
export function signed(request: HttpRequest, authorization: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization } };
}

/** A value that is one header, and no more. */
export function headerValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new RemoteProblem(
    'publish/header',
    `The header "${name}" holds a line break, or another character that no header takes.`,
  );
}

function bodyOf({ json, form }: ApiCall): string | undefined {
  if (json !== undefined) return JSON.stringify(json);
  if (form === undefined) return undefined;
  try {
    return form.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    const [name] = form.find((pair) => pair.some((part) => /\p{Cs}/u.test(part))) ?? [];
    throw new RemoteProblem('publish/text', `The text of "${name}" has half of a character in it.`);
  }
}
