/** A request as it came, read to its end. */
export interface ApiRequest {
  /** Its place among all requests that the server got, from 0. */
  readonly index: number;
  readonly method: string;
  /** As it was sent, still with its percent signs. */
  readonly path: string;
  /** The parts of the path between slashes, percent signs read; a `%2F` is part of one. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON object that isn't known further. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An answer in JSON. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** A page for people, as proxies and wrong ports answer. */
export function pageReply(status: number, title: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

/** An answer without a body. */
export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: '' };
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body of a request as a JSON object; nothing when it is none. */
export function objectIn(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The body of a request as a form; what is given twice counts as it was given last. */
export function formIn(body: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(body));
}

/** Whether a request says that its body is of a media type; one without a body need not. */
export function isOfType({ headers, body }: ApiRequest, type: string): boolean {
  return body === '' || headers['content-type']?.split(';')[0]?.trim().toLowerCase() === type;
}
