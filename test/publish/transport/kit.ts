import { onTestFinished } from 'vitest';
import type { ApiCall, RemoteProblem, Surroundings, Token } from '../../../src/backend/api.ts';
import type { Pacing } from '../../../src/backend/publisher.ts';
import { createRedactor, type Redactor } from '../../../src/publish/redactor.ts';
import { createSurroundings } from '../../../src/publish/surroundings.ts';
import type { Clock } from '../../../src/publish/time.ts';
import { connect } from '../../../src/publish/transport/connect.ts';
import type { Transport } from '../../../src/publish/transport/transport.ts';
import { type ManualClock, manualClock } from '../../servers/http/clock.ts';
import {
  type ApiRequest,
  isObject,
  jsonReply,
  objectIn,
  type Reply,
} from '../../servers/http/message.ts';
import { startServer, type TestServer } from '../../servers/http/server.ts';
import { tokenIn } from '../../servers/http/tokens.ts';
import { randomOf } from '../../support/random.ts';

/** A clock that moves when somebody sleeps by it, with chance, and how long each sleep was. */
export interface TestClock extends Omit<ManualClock, 'sleep'>, Clock {
  readonly slept: readonly number[];
}

/** A clock whose chance is the same for the same seed. */
export function testClock(seed: number = 1): TestClock {
  const clock = manualClock();
  const random = randomOf(seed);
  const slept: number[] = [];
  return {
    ...clock,
    slept,
    sleep(milliseconds) {
      slept.push(milliseconds);
      return clock.sleep(milliseconds);
    },
    random: () => random.below(1000) / 1000,
  };
}

/** A store of texts by path; it says who asked, and counts what it was made to do. */
export interface Store extends TestServer {
  readonly clock: TestClock;
  readonly texts: Map<string, string>;
  /** How often something was written, carried out. */
  readonly writes: () => number;
  /** Which tokens it takes; nothing: all. */
  accept(tokens: ReadonlySet<string> | undefined): void;
}

/** Starts a store. `GET /x` tells a text, `PUT /x` sets it, `POST /x` adds to it, `/status/418` answers so. */
export async function startStore(clock: TestClock = testClock()): Promise<Store> {
  const texts = new Map<string, string>();
  let writes = 0;
  let accepted: ReadonlySet<string> | undefined;
  const failure = (status: number): Reply =>
    jsonReply(status, { error: `The store says ${status}.` });
  const handle = ({ method, path, headers, body }: ApiRequest): Reply => {
    const token = tokenIn(headers['authorization'], 'Bearer') ?? '';
    if (accepted !== undefined && !accepted.has(token)) return failure(401);
    const status = /^\/status\/(\d+)$/.exec(path)?.[1];
    if (status !== undefined) return failure(Number(status));
    const text = texts.get(path);
    if (method === 'GET') return text === undefined ? failure(404) : jsonReply(200, { text });
    writes += 1;
    const given = String(objectIn(body)?.['text'] ?? body);
    texts.set(path, method === 'POST' ? (text ?? '') + given : given);
    return method === 'DELETE'
      ? { status: 204, headers: {}, body: '' }
      : jsonReply(200, { writes });
  };
  const server = await startServer(() => ({ handle, failure }), clock.now);
  onTestFinished(() => server.close());
  return {
    ...server,
    clock,
    texts,
    writes: () => writes,
    accept(tokens) {
      accepted = tokens;
    },
  };
}

/** What a test says of a way to a server. */
export interface Way {
  readonly origin: string;
  readonly clock: TestClock;
  readonly origins?: readonly string[];
  readonly rates?: Pacing['rates'];
  readonly timeout?: number;
  readonly authorities?: string;
  readonly root?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signIn?: (surroundings: Surroundings) => Promise<Token>;
}

/** A transport for the test that runs. */
export interface TestTransport extends Transport {
  readonly redactor: Redactor;
  get(path: string, more?: Partial<ApiCall>): ReturnType<Transport['read']>;
  put(path: string, text: string, repeatable?: boolean): ReturnType<Transport['send']>;
}

/** Connects to a server with a token that doesn't expire. */
export function wayTo(way: Way): TestTransport {
  const redactor = createRedactor();
  const surroundings = createSurroundings({
    root: way.root ?? process.cwd(),
    environment: way.environment ?? {},
    clock: way.clock,
    redactor,
    authorities: way.authorities,
  });
  const transport = connect({
    publisher: {
      origins: way.origins ?? [way.origin],
      ...(way.authorities === undefined ? {} : { authorities: way.authorities }),
      pacing: { atOnce: 4, rates: way.rates ?? {}, timeout: way.timeout ?? 5000, settle: [] },
      signIn: way.signIn ?? (async () => ({ authorization: 'Bearer the-only-token' })),
      messageOf: ({ json }) => (isObject(json) ? String(json['error']) : undefined),
    },
    surroundings,
    clock: way.clock,
    redactor,
  });
  onTestFinished(async () => {
    await transport.close();
    await surroundings.close();
  });
  const call = (method: ApiCall['method'], path: string): ApiCall => ({
    method,
    url: way.origin + path,
    pace: method === 'GET' ? 'reads' : 'writes',
  });
  return {
    ...transport,
    redactor,
    get: (path, more) => transport.read({ ...call('GET', path), ...more }),
    put: (path, text, repeatable = false) =>
      transport.send({ ...call(repeatable ? 'PUT' : 'POST', path), json: { text } }, repeatable),
  };
}

/** A store and the way to it. */
export async function startedStore(
  way: Omit<Way, 'origin' | 'clock'> = {},
): Promise<{ readonly store: Store; readonly way: TestTransport }> {
  const store = await startStore();
  return { store, way: wayTo({ origin: store.url, clock: store.clock, ...way }) };
}

/** What a promise that fails says, as plain data. */
export async function problemOf(
  promise: Promise<unknown>,
): Promise<Pick<RemoteProblem, 'name' | 'code' | 'message'> & { readonly hint?: string }> {
  const result = await promise.catch((error: RemoteProblem) => error);
  if (!(result instanceof Error)) throw new Error(`It gave ${JSON.stringify(result)}.`);
  const { name, code, message, hint } = result as RemoteProblem;
  return { name, code, message, ...(hint === undefined ? {} : { hint }) };
}
