import { type ApiReply, RemoteProblem } from '../../backend/api.ts';
import { nestsTooDeep } from '../../logsource/record.ts';
import { visible } from '../../text/visible.ts';
import type { Exchanged } from './exchange.ts';
import { certificateProblem, codeOf, wordsOf } from './failure.ts';
import type { HttpRequest } from './request.ts';
import { retryAfter } from './retry-after.ts';

/** What became of one try. */
export type Outcome = { readonly kind: 'reply'; readonly reply: ApiReply } | Failure;

/** A try without an answer to work with. */
export interface Failure {
  readonly kind: 'failed';
  readonly carriedOut: 'no' | 'maybe';
  /** In words that follow a colon. */
  readonly why: string;
  readonly hint?: string;
  /** For how many milliseconds the other side asks to be left alone. */
  readonly wait?: number;
  /** It asks to be left alone because it is asked too often. */
  readonly tooOften?: true;
  /** What there is to tell when another try wouldn't help. */
  readonly final?: RemoteProblem;
}

/** How replies are read. */
export interface Reading {
  readonly now: () => number;
  /** The message in a reply that says that something failed. */
  readonly messageOf: (reply: ApiReply) => string | undefined;
}

/** What a try means. A 401 is a reply, whatever it looks like. */
export function outcomeOf(exchanged: Exchanged, request: HttpRequest, reading: Reading): Outcome {
  if (exchanged.kind === 'broken') return broken(exchanged, request);
  const { status, headers } = exchanged;
  const read = jsonOf(exchanged, request);
  const reply: ApiReply = { status, headers, json: 'json' in read ? read.json : undefined };
  if (status === 401) return { kind: 'reply', reply };
  if (status >= 300 && status < 400) return redirected(exchanged, request);
  if (status === 408 || status === 429 || status >= 500) {
    const wait = retryAfter(headers, reading.now());
    const message = messageIn(reply, reading);
    return {
      kind: 'failed',
      carriedOut: status === 429 ? 'no' : 'maybe',
      why: `it answers ${status}${message === undefined ? '' : `, ${message}`}`,
      ...(wait === undefined ? {} : { wait }),
      ...(status === 429 ? { tooOften: true as const } : {}),
    };
  }
  if ('json' in read) return { kind: 'reply', reply };
  return {
    kind: 'failed',
    carriedOut: 'maybe',
    why: `it answers ${status} with ${read.instead}`,
    hint: 'Look whether the address and its port are right, and whether something stands in between that answers itself, as a proxy or a sign-in does.',
  };
}

function broken(
  { written, error }: Exchanged & { readonly kind: 'broken' },
  { host }: HttpRequest,
): Failure {
  const certificate = written ? undefined : certificateProblem(error, host);
  const tooLarge = codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
  const final =
    certificate ??
    (tooLarge ? new RemoteProblem('publish/too-large', `${host}: ${wordsOf(error)}.`) : undefined);
  return {
    kind: 'failed',
    carriedOut: written ? 'maybe' : 'no',
    why: wordsOf(error),
    ...(written
      ? {}
      : {
          hint: 'Look at the address and its port, and whether a proxy is needed (`HTTPS_PROXY`).',
        }),
    ...(final === undefined ? {} : { final }),
  };
}

function redirected(
  { status, headers }: Exchanged & { readonly kind: 'answered' },
  { origin, host, path }: HttpRequest,
): Failure {
  const { location = '' } = headers;
  const base = `${origin}${path}`;
  const to = URL.canParse(location, base) ? new URL(location, base).host : 'nowhere';
  const why = `it answers ${status}, which leads to ${to}`;
  return {
    kind: 'failed',
    carriedOut: 'maybe',
    why,
    final: new RemoteProblem(
      'publish/redirect',
      `siemc doesn't follow ${host}: ${why}.`,
      'Write the address that the API itself has.',
    ),
  };
}

type Body = { readonly json: unknown } | { readonly instead: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The body as JSON, or nothing where there is none; a question without an answer is no answer. */
function jsonOf(
  { status, headers, body }: Exchanged & { readonly kind: 'answered' },
  { method }: HttpRequest,
): Body {
  if (body.length === 0)
    return status !== 204 && method === 'GET' ? { instead: 'no body' } : { json: undefined };
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (!/^(?:application|text)\/(?:[\w.+-]+\+)?json$/i.test(type.trim()))
    return { instead: `${type === '' ? 'content' : visible(type.trim())} instead of JSON` };
  try {
    const json: unknown = JSON.parse(decoder.decode(body));
    return nestsTooDeep(json) ? { instead: 'JSON that nests without end' } : { json };
  } catch {
    return { instead: 'JSON that is cut off or broken' };
  }
}

/** What a reply says, on one line, without its full stop, shortened. */
export function messageIn(reply: ApiReply, { messageOf }: Reading): string | undefined {
  const message = messageOf(reply)?.replace(/\s+/g, ' ').trim().replace(/\.$/, '') ?? '';
  if (message === '') return undefined;
  return visible(message.length > 1000 ? `${message.slice(0, 1000)}…` : message);
}
