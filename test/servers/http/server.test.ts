import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ask } from './client.ts';
import { manualClock } from './clock.ts';
import {
  type Fault,
  type FaultStatus,
  faultsAt,
  faultsOn,
  passingFaults,
  randomFaults,
} from './faults.ts';
import { type ApiRequest, jsonReply, type Reply } from './message.ts';
import { startServer, type TestServer } from './server.ts';

const clock = manualClock();
const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** An API that counts the requests that did their work, and lists what it has in pages of one. */
async function startCounter(): Promise<{ server: TestServer; count: () => number }> {
  let count = 0;
  const server = await startServer(
    ({ url, violate }) => ({
      handle(request: ApiRequest): Reply {
        if (request.path === '/bug') throw new Error('a bug');
        if (request.path === '/wrong') violate(request, 'nobody asks for that');
        count++;
        if (request.path === '/value')
          return jsonReply(200, { value: [1], nextLink: `${url()}/value?skip=1` });
        if (request.path === '/tokens')
          return jsonReply(200, { things: [1], nextPageToken: 'two' });
        return jsonReply(200, { count });
      },
      failure: (status: FaultStatus) => jsonReply(status, { failed: status }),
    }),
    clock.now,
  );
  servers.push(server);
  return { server, count: () => count };
}

describe('a test server', () => {
  test('keeps every request as it came, with what was answered', async () => {
    const { server } = await startCounter();
    await ask(`${server.url}/a%2Fb/c+d?x=1%202&y=`, {
      headers: { authorization: 'Bearer secret' },
      form: { name: 'ä &=' },
    });
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request).toMatchObject({
      index: 0,
      method: 'POST',
      path: '/a%2Fb/c+d',
      segments: ['a/b', 'c+d'],
      headers: { authorization: 'Bearer secret' },
      body: 'name=%C3%A4+%26%3D',
      fault: undefined,
      time: clock.now(),
      reply: { status: 200, body: '{"count":1}' },
    });
    expect([...(request?.query ?? [])]).toEqual([
      ['x', '1 2'],
      ['y', ''],
    ]);
  });

  test('tells the time of its clock, and of paths that cannot be read', async () => {
    const { server, count } = await startCounter();
    clock.advance(1000);
    expect((await ask(server.url)).headers.get('date')).toBe(new Date(clock.now()).toUTCString());
    expect((await ask(`${server.url}/%zz`)).status).toBe(400);
    expect(count()).toBe(1);
  });

  test('records requests that break the documentation, and failures of its own', async () => {
    const { server } = await startCounter();
    await ask(`${server.url}/right`);
    await ask(`${server.url}/wrong`);
    await expect(ask(`${server.url}/bug`)).rejects.toThrow();
    expect(server.violations).toEqual([
      { request: 1, message: 'nobody asks for that' },
      { request: 2, message: 'the server failed: Error: a bug' },
    ]);
  });

  test('refuses connections while it is down, and goes on after it', async () => {
    const { server } = await startCounter();
    await ask(server.url);
    await server.down();
    const failed = await ask(server.url).catch((error: Error) => error);
    expect(failed).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await server.up();
    expect((await ask(server.url)).json).toEqual({ count: 2 });
  });
});

describe('faults', () => {
  const befallen = async (fault: Fault, path = '/') => {
    const { server, count } = await startCounter();
    server.fail(faultsAt({ 0: fault }));
    const answer = await ask(server.url + path).catch((error: Error) => error);
    return { answer, server, count };
  };

  test.each(['start', 'middle'] as const)(
    'cut the connection at the %s, with or without effect',
    async (at) => {
      for (const effect of [false, true]) {
        const { answer, count, server } = await befallen({ kind: 'cut', at, effect });
        expect(answer).toBeInstanceOf(TypeError);
        expect(count()).toBe(effect ? 1 : 0);
        expect(server.requests).toMatchObject([{ fault: 'cut' }]);
        expect((await ask(server.url)).json).toEqual({ count: effect ? 2 : 1 });
      }
    },
  );

  test('answer late, after the work is done', async () => {
    const { server, count } = await startCounter();
    server.fail(faultsAt({ 0: { kind: 'slow', milliseconds: 150 } }));
    const signal = AbortSignal.timeout(50);
    await expect(fetch(server.url, { signal })).rejects.toThrow('timeout');
    expect(count()).toBe(1);
    server.fail(faultsAt({ 1: { kind: 'slow', milliseconds: 5 } }));
    expect((await ask(server.url)).json).toEqual({ count: 2 });
  });

  test.each([401, 409, 429, 500, 502, 503] as const)(
    'refuse by %i in the words of the API',
    async (status) => {
      for (const effect of [false, true]) {
        const { answer, count } = await befallen({ kind: 'status', status, effect });
        expect(answer).toMatchObject({ status, json: { failed: status } });
        expect(count()).toBe(effect ? 1 : 0);
      }
    },
  );

  test('say when to try again, as a number or as a date by the clock', async () => {
    const waits = async (as: 'seconds' | 'date'): Promise<string | null> => {
      const retryAfter = { seconds: 7, as };
      const { answer } = await befallen({ kind: 'status', status: 429, effect: false, retryAfter });
      return answer instanceof Error ? null : answer.headers.get('retry-after');
    };
    expect(await waits('seconds')).toBe('7');
    expect(await waits('date')).toBe(new Date(clock.now() + 7000).toUTCString());
  });

  test.each([200, 404] as const)('answer with a page of status %i', async (status) => {
    const { answer, count } = await befallen({ kind: 'page', status, effect: false });
    expect(answer).toMatchObject({ status, text: expect.stringContaining('<html>') });
    expect(count()).toBe(0);
  });

  test('cut the JSON short, or name it wrongly', async () => {
    expect((await befallen({ kind: 'truncated' })).answer).toMatchObject({
      status: 200,
      text: '{"cou',
      json: undefined,
    });
    const { answer } = await befallen({ kind: 'content-type', type: 'text/plain' });
    expect(answer instanceof Error || answer.headers.get('content-type')).toBe('text/plain');
  });

  test.each([301, 302, 303, 307, 308] as const)(
    'redirect to another host by %i',
    async (status) => {
      const other = await startCounter();
      const { answer, count } = await befallen(
        { kind: 'redirect', status, origin: other.server.url },
        '/a?b=c',
      );
      expect(answer).toMatchObject({ status, text: '' });
      expect(answer instanceof Error || answer.headers.get('location')).toBe(
        `${other.server.url}/a?b=c`,
      );
      expect(count()).toBe(0);
    },
  );

  test('lead further pages to another host, or in a circle', async () => {
    const origin = 'http://198.51.100.1';
    const foreign = { kind: 'foreign-links', origin } as const;
    const looping = { kind: 'looping-links' } as const;
    const next = async (fault: Fault, path: string) =>
      (await befallen(fault, path)).answer as { readonly json: unknown };
    expect((await next(foreign, '/value')).json).toEqual({
      value: [1],
      nextLink: `${origin}/value?skip=1`,
    });
    expect((await next(foreign, '/tokens')).json).toMatchObject({
      nextPageToken: `${origin}/page`,
    });
    expect((await next(foreign, '/')).json).toEqual({ count: 1 });
    const { answer, server } = await befallen(looping, '/value?skip=1');
    expect(answer).toMatchObject({ json: { nextLink: `${server.url}/value?skip=1` } });
    expect((await next(looping, '/tokens?pageToken=one')).json).toMatchObject({
      nextPageToken: 'one',
    });
    expect((await next(looping, '/tokens')).json).toMatchObject({ nextPageToken: 'two' });
    expect((await next(looping, '/')).json).toEqual({ count: 1 });
  });

  test('befall the requests that they are meant for, in their order', async () => {
    const { server } = await startCounter();
    const refused = { kind: 'status', status: 503, effect: false } as const;
    server.fail(faultsOn([refused, undefined, refused], ({ method }) => method === 'POST'));
    const statuses: number[] = [];
    for (const method of ['GET', 'POST', 'GET', 'POST', 'POST', 'POST'])
      statuses.push((await ask(server.url, { method })).status);
    expect(statuses).toEqual([200, 503, 200, 200, 503, 200]);
    server.fail(undefined);
    expect((await ask(server.url)).status).toBe(200);
  });

  test('by chance are the same for the same seed, and end', () => {
    const request: ApiRequest = {
      index: 0,
      method: 'GET',
      path: '/',
      segments: [''],
      query: new URLSearchParams(),
      headers: {},
      body: '',
    };
    const drawn = (seed: number, inARow: number) => {
      const schedule = randomFaults({ seed, chance: 0.7, inARow });
      return Array.from({ length: 400 }, (_, index) => schedule(index, request));
    };
    expect(drawn(3, 2)).toEqual(drawn(3, 2));
    expect(drawn(3, 2)).not.toEqual(drawn(4, 2));
    for (const inARow of [1, 2, 3]) {
      const marks = drawn(5, inARow).map((fault) => (fault ? 'x' : '.'));
      const longest = Math.max(
        ...marks
          .join('')
          .split('.')
          .map((row) => row.length),
      );
      expect(longest).toBe(inARow);
    }
    const seen = new Set(drawn(6, 3).map((fault) => JSON.stringify(fault)));
    for (const fault of passingFaults) expect(seen).toContain(JSON.stringify(fault));
    const late = randomFaults({ seed: 3, chance: 0.7, inARow: 2 });
    expect(late(399, request)).toEqual(drawn(3, 2)[399]);
  });
});

test('whatever goes wrong, the work is done that the log says was done', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (seed, chance) => {
        const { server, count } = await startCounter();
        server.fail(randomFaults({ seed, chance, inARow: 2 }));
        const answers: (number | undefined)[] = [];
        for (let index = 0; index < 20; index++)
          answers.push((await ask(server.url).catch(() => undefined))?.json?.count);
        const done = server.requests.filter(({ reply }) => reply !== undefined);
        expect(count()).toBe(done.length);
        expect(server.requests).toHaveLength(20);
        // Each count is told once at most, and only by the request that it was made by.
        const told = server.requests.map(({ reply }) =>
          reply === undefined ? undefined : JSON.parse(reply.body).count,
        );
        for (const [index, answer] of answers.entries())
          if (answer !== undefined) expect(answer).toBe(told[index]);
        await server.close();
      },
    ),
    { numRuns: 30 },
  );
});
