import { describe, expect, test } from 'vitest';
import { bucket, perMinute, perSecond } from './bucket.ts';
import { manualClock } from './clock.ts';
import { idsOf } from './ids.ts';

const clock = manualClock();

describe('buckets', () => {
  test('let through what fits, and say when the next will', async () => {
    const take = bucket({ capacity: 3, perSecond: 2 }, clock.now);
    const taken = Array.from({ length: 4 }, take);
    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(taken.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0]);
    expect(taken[3]?.wait).toBe(1);
    await clock.sleep(500);
    expect(take().allowed).toBe(true);
    await clock.sleep(60_000);
    expect(take()).toEqual({ allowed: true, remaining: 2, wait: 0 });
  });

  test('of so many a minute or a second refill by the clock', async () => {
    const minute = bucket(perMinute(3), clock.now);
    expect(Array.from({ length: 4 }, minute).map(({ wait }) => wait)).toEqual([0, 0, 0, 20]);
    await clock.sleep(20_000);
    expect([minute().allowed, minute().allowed]).toEqual([true, false]);
    const second = bucket(perSecond(1), clock.now);
    expect([second().allowed, second().allowed]).toEqual([true, false]);
    await clock.sleep(1000);
    expect(second().allowed).toBe(true);
  });
});

test('ids are the same for the same seed', () => {
  expect(idsOf(1).uuid()).toBe(idsOf(1).uuid());
  expect(idsOf(1).uuid()).not.toBe(idsOf(2).uuid());
  expect(idsOf(1).uuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(idsOf(1).digits(9)).toMatch(/^\d{9}$/);
  expect(idsOf(1).hex(5)).toMatch(/^[0-9a-f]{5}$/);
});
