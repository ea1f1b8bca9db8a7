import { expect, test } from 'vitest';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { checkLaw1, showTally } from '../../properties/law-1.ts';
test('x', { timeout: 600_000 }, () => {
  for (const seed of [11, 12]) {
    const { tally, counterexample } = checkLaw1(chronicle, { seed, pairs: 1500, events: 12, readings: 4 });
    console.log(showTally(tally));
    expect(counterexample, counterexample).toBeUndefined();
  }
});
