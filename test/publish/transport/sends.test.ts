import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Fault, faultsAt } from '../../servers/http/faults.ts';
import { startedStore, testClock, wayTo } from './kit.ts';

const doubtful: readonly Fault[] = [
  { kind: 'cut', at: 'start', effect: true },
  { kind: 'cut', at: 'start', effect: false },
  { kind: 'cut', at: 'middle', effect: true },
  { kind: 'slow', milliseconds: 900 },
  { kind: 'status', status: 500, effect: true },
  { kind: 'status', status: 503, effect: false, retryAfter: { seconds: 3, as: 'seconds' } },
  { kind: 'page', status: 200, effect: true },
  { kind: 'page', status: 404, effect: false },
  { kind: 'truncated' },
  { kind: 'content-type', type: 'text/plain' },
];

describe('a write', () => {
  test('gives the answer, whatever it is', async () => {
    const { store, way } = await startedStore();
    expect(await way.put('/a', 'one')).toMatchObject({
      kind: 'reply',
      reply: { status: 200, json: { writes: 1 } },
    });
    for (const status of [400, 403, 404, 409, 412, 422])
      expect(await way.put(`/status/${status}`, '')).toMatchObject({
        kind: 'reply',
        reply: { status, json: { error: `The store says ${status}.` } },
      });
    expect(store.requests).toHaveLength(7);
    expect(way.sent).toEqual(new Map([['POST', 7]]));
  });

  test('of JSON and of a form arrives as it was meant', async () => {
    const { store, way } = await startedStore();
    const call = { method: 'POST', url: `${store.url}/a`, pace: 'writes' } as const;
    await way.send({ ...call, json: { ä: ['\ud800', null, 1.5] } }, false);
    await way.send(
      {
        ...call,
        form: [
          ['search', 'a+b & c=ä\n%'],
          ['x', ''],
          ['x', '2'],
        ],
      },
      false,
    );
    await way.send({ ...call, method: 'DELETE', headers: { 'If-Match': '"1"' } }, false);
    expect(store.requests.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/json', '{"ä":["\\ud800",null,1.5]}'],
      ['application/x-www-form-urlencoded', 'search=a%2Bb%20%26%20c%3D%C3%A4%0A%25&x=&x=2'],
      [undefined, ''],
    ]);
    expect(store.requests[2]?.headers['if-match']).toBe('"1"');
  });

  test.each(doubtful.map((fault) => [JSON.stringify(fault), fault] as const))(
    'that may be sent once only is sent once (%s)',
    async (_, fault) => {
      const { store, way } = await startedStore({ timeout: fault.kind === 'slow' ? 300 : 5000 });
      store.fail(() => fault);
      expect(await way.put('/a', 'x')).toEqual({
        kind: 'unknown',
        why: expect.stringMatching(/^No answer from 127\.0\.0\.1:\d+: .* \(tried once\)\.$/),
      });
      expect(store.requests).toHaveLength(1);
    },
  );

  test.each(doubtful.map((fault) => [JSON.stringify(fault), fault] as const))(
    'that may be sent again is sent again, a few times (%s)',
    async (_, fault) => {
      const { store, way } = await startedStore({ timeout: fault.kind === 'slow' ? 300 : 5000 });
      store.fail(faultsAt({ 0: fault, 1: fault, 3: fault, 4: fault, 5: fault }));
      expect(await way.put('/a', 'x', true)).toMatchObject({ kind: 'reply' });
      expect(store.requests).toHaveLength(3);
      expect(await way.put('/a', 'x', true)).toEqual({
        kind: 'unknown',
        why: expect.stringMatching(/ \(tried 3 times\)\.$/),
      });
      expect(store.requests).toHaveLength(6);
    },
  );

  test.each([false, true])(
    'is sent again after 429 (may be sent again: %s)',
    async (repeatable) => {
      const { store, way } = await startedStore();
      const fault: Fault = { kind: 'status', status: 429, effect: false };
      store.fail(faultsAt({ 0: fault, 1: fault, 2: fault, 3: fault }));
      expect(await way.put('/a', 'x', repeatable)).toMatchObject({ kind: 'reply' });
      expect(store.requests).toHaveLength(5);
      store.fail(() => fault);
      expect(await way.put('/a', 'x', repeatable)).toEqual({
        kind: 'unsent',
        why: `No answer from ${new URL(store.url).host}: it answers 429, The store says 429 (tried 6 times).`,
      });
      expect(store.writes()).toBe(1);
    },
  );

  test.each([false, true])(
    'to a server that is down is not sent (again: %s)',
    async (repeatable) => {
      const { store, way } = await startedStore();
      await way.get('/a');
      await store.down();
      expect(await way.put('/a', 'x', repeatable)).toEqual({
        kind: 'unsent',
        why: `No answer from ${new URL(store.url).host}: the connection is refused (ECONNREFUSED) (tried 6 times).`,
      });
    },
  );

  test('that is redirected is in doubt, and goes nowhere else', async () => {
    const { store, way } = await startedStore();
    const { store: other } = await startedStore();
    store.fail(() => ({ kind: 'redirect', status: 307, origin: other.url }));
    expect(await way.put('/a', 'x', true)).toEqual({
      kind: 'unknown',
      why: expect.stringContaining('which leads to'),
    });
    expect(other.requests).toEqual([]);
  });

  test('stays in doubt when the server is gone after it', async () => {
    const { store } = await startedStore();
    store.fail(() => ({ kind: 'cut', at: 'start', effect: true }));
    const clock = { ...store.clock, sleep: () => store.down() };
    const way = wayTo({ origin: store.url, clock });
    expect(await way.put('/a', 'x', true)).toMatchObject({ kind: 'unknown' });
    expect(store.writes()).toBe(1);
  });

  test('stays in doubt when nobody can sign in after it', async () => {
    const { store } = await startedStore();
    store.fail(() => ({ kind: 'cut', at: 'start', effect: true }));
    const sleep = async (): Promise<void> => store.accept(new Set());
    const way = wayTo({ origin: store.url, clock: { ...store.clock, sleep } });
    store.fail(faultsAt({ 0: { kind: 'cut', at: 'start', effect: true } }));
    expect(await way.put('/a', 'x', true)).toMatchObject({ kind: 'unknown' });
  });

  test('on a connection that the other side has just closed is never sent twice', async () => {
    const asked: string[] = [];
    const server = createServer((socket: Socket) => {
      let first = true;
      socket.on('error', () => {});
      socket.on('data', (data) => {
        const [head] = /^POST \S+/.exec(String(data)) ?? [];
        if (head === undefined) return;
        asked.push(head);
        if (!first) return socket.destroy();
        first = false;
        return socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const way = wayTo({ origin, clock: testClock() });
    expect(await way.put('/first', 'x')).toMatchObject({ kind: 'reply' });
    // A connection that has just been used isn't idle at once.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await way.put('/second', 'x')).toMatchObject({ kind: 'unknown' });
    expect(asked).toEqual(['POST /first', 'POST /second']);
  });

  test('ends when the transport is closed', async () => {
    const { store, way } = await startedStore();
    store.fail(() => ({ kind: 'slow', milliseconds: 200 }));
    const running = way.put('/a', 'x');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await way.close();
    expect(await running).toMatchObject({ kind: 'unknown' });
    await expect(way.get('/a')).rejects.toMatchObject({ code: 'publish/unreachable' });
  });
});
