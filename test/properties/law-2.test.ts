import { describe, expect, test } from 'vitest';
import { backends } from '../support/backends.ts';
import { checkLaw2 } from './law-2.ts';

describe.for(backends)('$id', (backend) => {
  test('no rule depends on what the target forgets', { timeout: 60_000 }, () => {
    const seed = 20_260_102;
    const { pairs, counterexample } = checkLaw2(backend, { seed, pairs: 1200, events: 6 });
    console.info(`${backend.id}, seed ${seed}: ${pairs} pairs of events`);
    expect(counterexample, counterexample).toBeUndefined();
    expect(pairs).toBeGreaterThan(100);
  });
});
