import { describe, expect, test } from 'vitest';
import { backends } from '../support/backends.ts';
import { backendsOfTwo } from '../support/two-logs.ts';
import { checkCorrelations, showTally } from './correlations.ts';
import { drawTwoLogs } from './two-logs.ts';

const seed = 20_260_301;
/** Random correlations a target, each over its own stream. */
const streams = 1_000;

describe.for(backends)('$id', (backend) => {
  test('a correlation hits what its rule means', { timeout: 300_000 }, () => {
    const effort = { seed, streams, size: 14, readings: 1 };
    const { tally, counterexample } = checkCorrelations(backend, effort);
    console.info(`${backend.id}, seed ${seed}:\n${showTally(tally)}`);
    expect(counterexample, counterexample).toBeUndefined();
    // What was tried has to be worth trying.
    for (const type of backend.capabilities.correlations) {
      const entry = tally.types.get(type);
      expect(entry?.withHits, type).toBeGreaterThan(0);
    }
  });
});

describe.for(backendsOfTwo)('$id, over two logs', (backend) => {
  test('a correlation hits what its rule means', { timeout: 300_000 }, () => {
    const effort = { seed, streams: 500, size: 14, readings: 1, draw: drawTwoLogs };
    const { tally, counterexample } = checkCorrelations(backend, effort);
    console.info(`${backend.id}, two logs, seed ${seed}:\n${showTally(tally)}`);
    expect(counterexample, counterexample).toBeUndefined();
    const types = ['event_count', 'value_count', 'temporal', 'temporal_ordered'];
    for (const type of types) expect(tally.types.get(type)?.withHits, type).toBeGreaterThan(0);
  });
});
