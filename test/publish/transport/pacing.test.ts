import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { pacerOf } from '../../../src/publish/transport/pacer.ts';
import { faultsAt } from '../../servers/http/faults.ts';
import { startedStore, testClock } from './kit.ts';

/** Whether so many of these times, in order, lie in no window of any length. */
function keepsTo(
  times: readonly number[],
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
): boolean {
  return times.every((start, first) =>
    times
      .slice(first)
      .every((end, more) => more + 1 <= burst + ((end - start) / 1000) * perSecond + 1e-6),
  );
}

describe('requests', () => {
  test('go as often as the rate says, in their order', async () => {
    const { store, way } = await startedStore({ rates: { reads: { burst: 3, perSecond: 2 } } });
    const start = store.clock.now();
    await Promise.all(Array.from({ length: 7 }, (_, index) => way.get(`/${index}`)));
    expect(store.requests.map(({ path }) => path)).toEqual(
      Array.from({ length: 7 }, (_, index) => `/${index}`),
    );
    expect(store.clock.slept).toEqual([500, 500, 500, 500]);
    expect(store.clock.now() - start).toBe(2000);
  });

  test('of a pace without a rate wait for nothing, and paces not for one another', async () => {
    const { store, way } = await startedStore({ rates: { reads: { burst: 1, perSecond: 0.001 } } });
    await way.get('/a');
    for (let index = 0; index < 20; index += 1) await way.put('/a', 'x');
    for (const pace of ['__proto__', 'constructor', 'toString']) await way.get('/a', { pace });
    expect(store.clock.slept).toEqual([]);
  });

  test('count when they are tried again, too', async () => {
    const { store, way } = await startedStore({
      rates: { reads: { burst: 1, perSecond: 1 / 60 } },
    });
    store.fail(
      faultsAt({ 0: { kind: 'status', status: 401, effect: false }, 1: { kind: 'truncated' } }),
    );
    await way.get('/a');
    const [first = 0, second = 0, third = 0] = store.requests.map(({ time }) => time);
    expect([second - first, third - second]).toEqual([60_000, 60_000]);
  });

  test('of the pace all wait when one is told to wait', async () => {
    const { store, way } = await startedStore({ rates: { reads: { burst: 10, perSecond: 1 } } });
    store.fail(
      faultsAt({
        0: {
          kind: 'status',
          status: 429,
          effect: false,
          retryAfter: { seconds: 30, as: 'seconds' },
        },
      }),
    );
    const start = store.clock.now();
    const first = way.get('/first');
    await vi.waitFor(() => expect(store.clock.slept).not.toEqual([]));
    await Promise.all([first, way.get('/b'), way.get('/c'), way.put('/x', '')]);
    const reads = store.requests.filter(({ method }) => method === 'GET').slice(1);
    expect(reads).toHaveLength(3);
    for (const { time } of reads) expect(time - start).toBeGreaterThanOrEqual(30_000);
  });
});

describe('a pacer', () => {
  const rate = fc.record({
    burst: fc.integer({ min: 1, max: 20 }),
    perSecond: fc.constantFrom(0.05, 0.3, 1, 3, 10, 25, 1 / 3),
  });
  const events = fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('ask' as const),
          count: fc.integer({ min: 1, max: 8 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('wait' as const),
          time: fc.integer({ min: 0, max: 20_000 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('hold' as const),
          time: fc.integer({ min: 0, max: 20_000 }),
        }),
      },
    ),
    { maxLength: 30 },
  );

  test('never lets more through than its rate in any window, nor any while it is held', async () => {
    await fc.assert(
      fc.asyncProperty(rate, events, async (given, list) => {
        const clock = testClock();
        const pacer = pacerOf({ pace: given }, clock);
        const times: number[] = [];
        const order: number[] = [];
        const running: Promise<void>[] = [];
        const holds: (readonly [number, number])[] = [];
        let asked = 0;
        for (const event of list) {
          if (event.kind === 'wait') clock.advance(event.time);
          else if (event.kind === 'hold') {
            await Promise.all(running);
            holds.push([clock.now(), clock.now() + event.time]);
            pacer.hold('pace', event.time);
          } else
            for (let count = 0; count < event.count; count += 1) {
              const number = asked++;
              running.push(
                pacer.turn('pace').then(() => {
                  times.push(clock.now());
                  order.push(number);
                }),
              );
            }
        }
        await Promise.all(running);
        expect(order).toEqual(Array.from({ length: asked }, (_, index) => index));
        expect(keepsTo(times, given)).toBe(true);
        const departed = times.filter((time) =>
          holds.some(([from, to]) => time > from && time < to),
        );
        expect(departed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('lets one go when it was held, and then the others at the rate', async () => {
    const clock = testClock();
    const pacer = pacerOf({ pace: { burst: 10, perSecond: 1 } }, clock);
    await pacer.turn('pace');
    const start = clock.now();
    pacer.hold('pace', 30_000);
    pacer.hold('pace', 10_000);
    pacer.hold('other', 5000);
    const times: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      await pacer.turn('pace');
      times.push(clock.now() - start);
    }
    expect(times).toEqual([30_000, 31_000, 32_000]);
    pacer.hold('other', 5000);
    await pacer.turn('other');
    await pacer.turn('other');
    expect(clock.now() - start).toBe(37_000);
  });

  test('does not stand still, nor let all through, when the clock is set back', async () => {
    const clock = testClock();
    const pacer = pacerOf({ pace: { burst: 1, perSecond: 1 } }, clock);
    await pacer.turn('pace');
    clock.advance(-3_600_000);
    const start = clock.now();
    await pacer.turn('pace');
    await pacer.turn('pace');
    expect(clock.now() - start).toBe(2000);
  });
});
