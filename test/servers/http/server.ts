import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, FaultSchedule, FaultStatus } from './faults.ts';
import { type ApiRequest, pageReply, type Reply } from './message.ts';
import { send } from './send.ts';

/** An API: what it makes of a request, and how it words failures. */
export interface Api {
  /** Does the work at once, in one go, and says what is answered. */
  handle(request: ApiRequest): Reply;
  /** How the API says what a fault asks for. */
  failure(status: FaultStatus): Reply;
}

/** A request that was got. */
export interface LoggedRequest extends ApiRequest {
  /** By the server's clock. */
  readonly time: number;
  readonly fault: Fault['kind'] | undefined;
  /** What was answered, or would have been; nothing where nothing was done. */
  readonly reply: Reply | undefined;
}

/** A request that no client should make: it breaks the API's documentation, whatever the server's state. */
export interface Violation {
  readonly request: number;
  readonly message: string;
}

/** What an API may use of its server. */
export interface ServerContext {
  /** `http://127.0.0.1:port`. */
  url(): string;
  now(): number;
  violate(request: ApiRequest, message: string): void;
}

/** A server that listens on the loopback device. */
export interface TestServer {
  readonly url: string;
  readonly requests: readonly LoggedRequest[];
  readonly violations: readonly Violation[];
  /** What shall go wrong from now on. */
  fail(schedule: FaultSchedule | undefined): void;
  /** Stops to listen: connections are refused. What it keeps stays. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an API on a free port. */
export async function startServer(
  apiOf: (context: ServerContext) => Api,
  now: () => number,
): Promise<TestServer> {
  const requests: LoggedRequest[] = [];
  const violations: Violation[] = [];
  let schedule: FaultSchedule | undefined;
  let count = 0;
  let port = 0;
  const url = (): string => `http://127.0.0.1:${port}`;
  const api = apiOf({
    url,
    now,
    violate: (request, message) => violations.push({ request: request.index, message }),
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message, () => count++);
    if (request === undefined) return send(response, pageReply(400, 'Bad Request'), now());
    const fault = schedule?.(request.index, request);
    const reply = doesWork(fault) ? api.handle(request) : undefined;
    requests.push({ ...request, time: now(), fault: fault?.kind, reply });
    await send(response, reply, now(), fault && { fault, request, api, url: url() });
  }

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => {
      // A bug of the server: told so that a test fails by it, and never takes it for the API's answer.
      violations.push({ request: count - 1, message: `the server failed: ${String(error)}` });
      response.destroy();
    });
  });
  const up = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await up();
  return {
    url: url(),
    requests,
    violations,
    fail(next) {
      schedule = next;
    },
    down,
    up,
    close: down,
  };
}

function doesWork(fault: Fault | undefined): boolean {
  switch (fault?.kind) {
    case 'cut':
    case 'status':
    case 'page':
      return fault.effect;
    case 'redirect':
      return false;
    default:
      return true;
  }
}

/** The request, or nothing where its path can't be read. */
async function readRequest(
  message: IncomingMessage,
  next: () => number,
): Promise<ApiRequest | undefined> {
  const index = next();
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  const [path = '', query = ''] = splitOnce(message.url ?? '', '?');
  const segments = segmentsOf(path);
  return (
    segments && {
      index,
      method: message.method ?? '',
      path,
      segments,
      query: new URLSearchParams(query),
      headers: Object.fromEntries(
        Object.entries(message.headersDistinct).map(([name, values]) => [
          name,
          (values ?? []).join(', '),
        ]),
      ),
      body: Buffer.concat(parts).toString('utf8'),
    }
  );
}

function segmentsOf(path: string): readonly string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
