import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ApiReply, RemoteProblem, type Token } from '../../../src/backend/api.ts';
import type { Sent } from '../../../src/publish/transport/transport.ts';
import { type Fault, passingFaults, randomFaults } from '../../servers/http/faults.ts';
import { problemOf, startStore, testClock, wayTo } from './kit.ts';

/** All that can go wrong, also what stays wrong. */
const faultsFor = (elsewhere: string): readonly Fault[] => [
  ...passingFaults,
  ...([301, 307] as const).map(
    (status) => ({ kind: 'redirect', status, origin: elsewhere }) as const,
  ),
  { kind: 'foreign-links', origin: elsewhere },
  { kind: 'status', status: 409, effect: false },
];

const seeds = fc.integer({ min: 0, max: 1e6 });
const chances = fc.constantFrom(0.1, 0.4, 0.8, 1);

/** How often a write may have been carried out, by what is told of it. */
function allowed(became: unknown): readonly number[] {
  if (became instanceof Error) return [0];
  const { kind, reply } = became as Sent & { readonly reply?: ApiReply };
  if (kind === 'reply') return [reply.status === 200 ? 1 : 0];
  return kind === 'unsent' ? [0] : [0, 1];
}

describe('under any faults', () => {
  test('a read gives what is there or says why not, and the token goes nowhere else', async () => {
    const elsewhere = await startStore();
    await fc.assert(
      fc.asyncProperty(
        seeds,
        chances,
        fc.integer({ min: 1, max: 8 }),
        async (seed, chance, inARow) => {
          const clock = testClock(seed);
          const store = await startStore(clock);
          store.texts.set('/a', 'here');
          store.fail(randomFaults({ seed, chance, inARow, faults: faultsFor(elsewhere.url) }));
          const way = wayTo({
            origin: store.url,
            clock,
            rates: { reads: { burst: 2, perSecond: 1 } },
          });
          const results = await Promise.all(
            ['/a', '/b', '/a', '/b'].map((path) =>
              way.get(path).then(
                ({ status, json }) => (status === 404 ? status : json),
                (error: unknown) => error,
              ),
            ),
          );
          for (const [index, result] of results.entries())
            if (result instanceof Error) expect(result).toBeInstanceOf(RemoteProblem);
            else expect(result).toEqual(index % 2 === 0 ? { text: 'here' } : 404);
          expect(elsewhere.requests).toEqual([]);
          expect(way.sent.get('GET')).toBe(store.requests.length);
          expect(store.requests.length).toBeLessThanOrEqual(4 * 12);
          expect(store.violations).toEqual([]);
          await way.close();
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a write that may be sent once is carried out once at most, and what is told of it is so', async () => {
    const elsewhere = await startStore();
    await fc.assert(
      fc.asyncProperty(seeds, chances, async (seed, chance) => {
        const clock = testClock(seed);
        const store = await startStore(clock);
        const way = wayTo({ origin: store.url, clock });
        store.fail(randomFaults({ seed, chance, inARow: 4, faults: faultsFor(elsewhere.url) }));
        for (let turn = 0; turn < 4; turn += 1) {
          const before = store.writes();
          const became = await way.put('/a', 'x').catch((error: unknown) => error);
          const carriedOut = store.writes() - before;
          if (became instanceof Error) expect(became).toBeInstanceOf(RemoteProblem);
          expect(allowed(became)).toContain(carriedOut);
        }
        expect(elsewhere.requests).toEqual([]);
        await way.close();
        await store.close();
      }),
      { numRuns: 60 },
    );
  });

  test('a write that may be sent again is as it was meant when there is an answer', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, chances, async (seed, chance) => {
        const clock = testClock(seed);
        const store = await startStore(clock);
        const way = wayTo({ origin: store.url, clock });
        store.fail(randomFaults({ seed, chance, inARow: 3 }));
        for (let turn = 0; turn < 4; turn += 1) {
          const before = store.texts.get('/a');
          const became = await way.put('/a', `text ${turn}`, true).catch((error: unknown) => error);
          const now = store.texts.get('/a');
          if (became instanceof Error) {
            expect(became).toMatchObject({ code: 'publish/sign-in' });
            expect(now).toBe(before);
          } else if ((became as { readonly kind: string }).kind === 'reply')
            expect(now).toBe(`text ${turn}`);
          else if ((became as { readonly kind: string }).kind === 'unsent')
            expect(now).toBe(before);
        }
        await way.close();
        await store.close();
      }),
      { numRuns: 60 },
    );
  });

  test('tokens that expire and are refused are renewed', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1000, max: 100_000 }), async (seed, life) => {
        const clock = testClock(seed);
        const store = await startStore(clock);
        store.texts.set('/a', 'here');
        const valid = new Set<string>();
        let count = 0;
        const signIn = async (): Promise<Token> => {
          const token = `token-${count++}`;
          valid.add(token);
          store.accept(valid);
          return { authorization: `Bearer ${token}`, expires: clock.now() + life };
        };
        const way = wayTo({ origin: store.url, clock, signIn });
        for (let turn = 0; turn < 10; turn += 1) {
          clock.advance((seed * (turn + 1)) % 60_000);
          if ((seed >> turn) % 3 === 0) valid.clear();
          expect(await way.get('/a')).toMatchObject({ status: 200 });
        }
        await way.close();
        await store.close();
      }),
      { numRuns: 30 },
    );
  });
});

test('nothing that the SIEM says reaches a terminal as it is', async () => {
  const store = await startStore();
  const way = wayTo({ origin: store.url, clock: store.clock });
  store.fail(() => ({ kind: 'content-type', type: 'text/\u009b2J' }));
  const { message } = await problemOf(way.get('/a'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them is in it.
  expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});
