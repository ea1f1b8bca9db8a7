import { describe, expect, test } from 'vitest';
import { modifiers } from '../../src/rule/modifiers.ts';
import { backends } from '../support/backends.ts';
import { checkLaw1, showTally } from './law-1.ts';
import { otherWorlds } from './worlds.ts';

const seed = 20_260_101;
/** Rules a target, each with ten events. */
const pairs = 700;
/** And of each other log source. */
const fewer = 120;

describe.for(backends)('$id', (backend) => {
  test('a query hits what its rule means', { timeout: 300_000 }, () => {
    const { tally, counterexample } = checkLaw1(backend, { seed, pairs, events: 10, readings: 2 });
    console.info(`${backend.id}, seed ${seed}: ${showTally(tally)}`);
    expect(counterexample, counterexample).toBeUndefined();
    // What was tried has to be worth trying.
    expect(tally.compiled / tally.pairs).toBeGreaterThan(0.3);
    const share = tally.hits / (tally.hits + tally.misses);
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.9);
    const wanted = [...modifiers, 'plain', 'keyword', 'filter', '[any]', '[none]'];
    const never = wanted.filter((name) => !tally.modifiers.has(name));
    expect(never).toEqual([]);
  });

  test.for(otherWorlds)('in $product/$service, too', { timeout: 300_000 }, (world, { task }) => {
    const effort = { seed, pairs: fewer, events: 10, readings: 1, world };
    const { tally, counterexample } = checkLaw1(backend, effort);
    console.info(`${backend.id}, ${task.name}, seed ${seed}: ${showTally(tally)}`);
    expect(counterexample, counterexample).toBeUndefined();
    expect(tally.compiled / tally.pairs).toBeGreaterThan(0.2);
    expect(tally.hits).toBeGreaterThan(fewer / 10);
  });
});
