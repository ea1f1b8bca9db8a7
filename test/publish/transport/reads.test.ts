import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { retryAfter } from '../../../src/publish/transport/retry-after.ts';
import { type Fault, faultsAt, passingFaults } from '../../servers/http/faults.ts';
import { jsonReply } from '../../servers/http/message.ts';
import { startServer } from '../../servers/http/server.ts';
import { problemOf, startedStore, testClock, wayTo } from './kit.ts';

describe('a read', () => {
  test('gives what is there, and that nothing is there', async () => {
    const { store, way } = await startedStore();
    store.texts.set('/a%2Fb', 'here');
    expect(await way.get('/a%2Fb?x=1%202')).toMatchObject({ status: 200, json: { text: 'here' } });
    expect(await way.get('/c')).toMatchObject({ status: 404 });
    expect(store.requests[0]).toMatchObject({
      method: 'GET',
      path: '/a%2Fb',
      headers: {
        accept: 'application/json',
        authorization: 'Bearer the-only-token',
        'user-agent': expect.stringMatching(/^siemc\/\d+\.\d+\.\d+/),
      },
    });
    expect(Object.keys(store.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'authorization',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(way.sent).toEqual(new Map([['GET', 2]]));
    expect(store.violations).toEqual([]);
  });

  test.each(passingFaults.map((fault) => [JSON.stringify(fault), fault] as const))(
    'gets over %s',
    async (_, fault) => {
      const { store, way } = await startedStore();
      store.texts.set('/a', 'here');
      store.fail(faultsAt({ 0: fault, 1: fault }));
      const twice = fault.kind === 'status' && fault.status === 401;
      if (twice) store.fail(faultsAt({ 0: fault }));
      expect(await way.get('/a')).toMatchObject({ status: 200, json: { text: 'here' } });
      expect(store.requests).toHaveLength(fault.kind === 'slow' ? 1 : twice ? 2 : 3);
    },
  );

  const always: readonly (readonly [Fault, string])[] = [
    [{ kind: 'cut', at: 'start', effect: false }, 'the connection was cut (UND_ERR_SOCKET)'],
    [{ kind: 'cut', at: 'middle', effect: false }, 'the connection was cut (UND_ERR_SOCKET)'],
    [{ kind: 'status', status: 503, effect: false }, 'it answers 503, The store says 503'],
    [{ kind: 'status', status: 429, effect: false }, 'it answers 429, The store says 429'],
    [{ kind: 'page', status: 200, effect: false }, 'it answers 200 with text/html instead of JSON'],
    [{ kind: 'page', status: 404, effect: false }, 'it answers 404 with text/html instead of JSON'],
    [{ kind: 'truncated' }, 'it answers 200 with JSON that is cut off or broken'],
    [
      { kind: 'content-type', type: 'text/plain' },
      'it answers 200 with text/plain instead of JSON',
    ],
    [{ kind: 'slow', milliseconds: 300 }, 'no whole reply came within 0.05 seconds'],
  ];
  test.each(always)('gives up when it is always %j', async (fault, why) => {
    const { store, way } = await startedStore({ timeout: 50 });
    store.texts.set('/a', 'here');
    store.fail(() => fault);
    expect(
      await problemOf(way.get('/a', { timeout: fault.kind === 'slow' ? 50 : 5000 })),
    ).toMatchObject({
      name: 'RemoteProblem',
      code: 'publish/unreachable',
      message: `No answer from ${new URL(store.url).host}: ${why} (tried 6 times).`,
    });
    expect(store.requests).toHaveLength(6);
    expect(way.sent).toEqual(new Map([['GET', 6]]));
    const limits = [2000, 4000, 8000, 16_000, 32_000];
    expect(store.clock.slept).toHaveLength(5);
    for (const [index, slept] of store.clock.slept.entries())
      expect(slept).toBeLessThanOrEqual(limits[index] ?? 0);
  });

  test('waits for a server that comes back', async () => {
    const { store, way } = await startedStore();
    store.texts.set('/a', 'here');
    await way.get('/a');
    await store.down();
    const sleep = store.clock.sleep;
    const clock = { ...store.clock, sleep: (time: number) => store.up().then(() => sleep(time)) };
    const other = wayTo({ origin: store.url, clock });
    expect(await other.get('/a')).toMatchObject({ json: { text: 'here' } });
    expect(other.sent).toEqual(new Map([['GET', 2]]));
  });

  test('of a server that is down, or that no name leads to, is no answer', async () => {
    const { store, way } = await startedStore();
    await store.down();
    const { host } = new URL(store.url);
    expect(await problemOf(way.get('/'))).toEqual({
      name: 'RemoteProblem',
      code: 'publish/unreachable',
      message: `No answer from ${host}: the connection is refused (ECONNREFUSED) (tried 6 times).`,
      hint: 'Look at the address and its port, and whether a proxy is needed (`HTTPS_PROXY`).',
    });
    const nowhere = wayTo({ origin: 'https://siem.invalid', clock: testClock() });
    expect(await problemOf(nowhere.get('/'))).toMatchObject({
      code: 'publish/unreachable',
      message: expect.stringMatching(/^No answer from siem\.invalid: .*(ENOTFOUND|EAI_AGAIN)/),
    });
  });

  test('that is refused is told at once, with what the SIEM says', async () => {
    const { store, way } = await startedStore();
    const { host } = new URL(store.url);
    expect(await problemOf(way.get('/status/418?secret=1'))).toEqual({
      name: 'RemoteProblem',
      code: 'publish/refused',
      message: `${host} refuses GET /status/418 (418): The store says 418.`,
    });
    expect(await problemOf(way.get('/status/403'))).toEqual({
      name: 'RemoteProblem',
      code: 'publish/forbidden',
      message: `${host} doesn't allow GET /status/403: The store says 403.`,
      hint: 'Give whoever signs in the role that the documentation names.',
    });
    expect(store.requests).toHaveLength(2);
  });

  test.each([301, 302, 303, 307, 308] as const)('follows no redirect (%i)', async (status) => {
    const { store, way } = await startedStore();
    const { store: other } = await startedStore();
    store.fail(() => ({ kind: 'redirect', status, origin: other.url }));
    const [here, there] = [store.url, other.url].map((url) => new URL(url).host);
    expect(await problemOf(way.get('/a?token=x'))).toEqual({
      name: 'RemoteProblem',
      code: 'publish/redirect',
      message: `siemc doesn't follow ${here}: it answers ${status}, which leads to ${there}.`,
      hint: 'Write the address that the API itself has.',
    });
    expect(other.requests).toEqual([]);
    expect(store.requests).toHaveLength(1);
  });
});

/** A server that answers each request by its place. */
async function answering(answers: readonly ((path: string) => ReturnType<typeof jsonReply>)[]) {
  const clock = testClock();
  let count = 0;
  const server = await startServer(
    () => ({
      handle: ({ path }) => (answers[count++] ?? (() => jsonReply(200, {})))(path),
      failure: (status) => jsonReply(status, {}),
    }),
    clock.now,
  );
  onTestFinished(() => server.close());
  return { server, clock, way: wayTo({ origin: server.url, clock }) };
}

describe('Retry-After', () => {
  const later =
    (value: string, status = 503) =>
    () => ({
      ...jsonReply(status, {}),
      headers: { 'content-type': 'application/json', 'retry-after': value },
    });

  test.each([
    ['seconds', '40', 40_000],
    ['a date', 'Mon, 05 Jan 2026 08:01:10 GMT', 70_000],
    ['a date that has passed', 'Mon, 05 Jan 2026 07:00:00 GMT', 0],
    ['an hour', '3600', 120_000],
    ['a date in a year', 'Tue, 05 Jan 2027 08:00:00 GMT', 120_000],
    ['no sense', 'soon', 0],
    ['a negative number', '-5', 0],
  ])('says %s: it waits so long, two minutes at most', async (_, value, expected) => {
    const { way, clock } = await answering([later(value)]);
    await way.get('/');
    const [slept = 0] = clock.slept;
    expect(clock.slept).toHaveLength(1);
    expect(slept).toBeGreaterThanOrEqual(expected);
    expect(slept).toBeLessThanOrEqual(Math.max(expected, 2000));
  });

  test('is a date by the clock of the server', async () => {
    const { way, clock } = await answering([
      () => ({
        status: 503,
        headers: {
          date: 'Mon, 05 Jan 2026 06:00:00 GMT',
          'retry-after': 'Mon, 05 Jan 2026 06:00:30 GMT',
        },
        body: '',
      }),
    ]);
    await way.get('/');
    expect(clock.slept).toEqual([30_000]);
  });
});

test('a date is by our clock where the server tells no time', () => {
  const now = Date.parse('2026-01-05T08:00:00Z');
  const after = (value: string) => retryAfter({ 'retry-after': value }, now);
  expect(after('Mon, 05 Jan 2026 08:00:45 GMT')).toBe(45_000);
  expect(after('Monday, 05-Jan-26 08:00:45 GMT')).toBe(45_000);
  expect(after('2026-01-05T08:00:45Z')).toBeUndefined();
  expect(retryAfter({}, now)).toBeUndefined();
});

describe('a reply', () => {
  const body =
    (text: string, type = 'application/json') =>
    () => ({
      status: 200,
      headers: { 'content-type': type },
      body: text,
    });
  const tried = async (text: string, type?: string) => {
    const { way, clock } = await answering([body(text, type)]);
    const { json } = await way.get('/');
    return { json, again: clock.slept.length };
  };

  test.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/problem+json',
    'text/json',
  ])('of %s is JSON', async (type) => {
    expect(await tried('{"a":[1]}', type)).toEqual({ json: { a: [1] }, again: 0 });
  });

  test.each([
    ['without a type', '{"a":1}', ''],
    ['without a body', '', 'application/json'],
    ['that nests without end', `${'['.repeat(300)}${']'.repeat(300)}`, 'application/json'],
    ['whose JSON is followed by something', '{"a":1}{"a":1}', 'application/json'],
  ])('%s is no answer', async (_, text, type) => {
    expect(await tried(text, type)).toEqual({ json: {}, again: 1 });
  });

  test('leaves what inherits alone', async () => {
    const { json } = await tried('{"__proto__":{"admin":true}}');
    expect(Object.keys(json as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  test('that is not UTF-8 is no answer', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(Buffer.from([0x22, 0xff, 0x22]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await problemOf(wayTo({ origin, clock: testClock() }).get('/'))).toMatchObject({
      code: 'publish/unreachable',
      message: expect.stringContaining('JSON that is cut off or broken'),
    });
  });

  test('of more than 64 MiB is given up', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, ' ');
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.on('error', () => {});
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(mebibyte));
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code } = await problemOf(
      wayTo({ origin, clock: testClock(), timeout: 30_000 }).get('/'),
    );
    expect(code).toBe('publish/too-large');
    expect(asked).toBe(1);
  });

  test('has its message on one visible line, of bounded length', async () => {
    const { way, server } = await answering([
      () => jsonReply(400, { error: `line\n\u001b[2Jnext${'x'.repeat(5000)}` }),
    ]);
    const { message } = await problemOf(way.get('/'));
    expect(
      message.startsWith(`${new URL(server.url).host} refuses GET / (400): line \ufffd[2Jnextxxx`),
    ).toBe(true);
    expect(message.length).toBeLessThan(1100);
  });
});
