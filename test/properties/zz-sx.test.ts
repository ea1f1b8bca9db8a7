import { test } from 'vitest';
import { sentinel } from '../../backends/sentinel/index.ts';
import { checkLaw1, showTally } from './law-1.ts';
test('fuzz', { timeout: 300_000 }, () => {
  for (const seed of [7, 99, 1234]) {
    const { tally, counterexample } = checkLaw1(sentinel, { seed, pairs: 700, events: 10, readings: 3 });
    console.log(seed, showTally(tally), counterexample);
  }
});
