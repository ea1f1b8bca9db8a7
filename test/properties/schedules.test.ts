import { describe, expect, test } from 'vitest';
import { backends } from '../support/backends.ts';
import { checkSchedules } from './schedules.ts';

const seed = 20_260_401;
const scheduled = backends.filter(({ capabilities }) => capabilities.scheduled === true);

test('Splunk and Sentinel run queries on a schedule', () => {
  expect(scheduled.map(({ id }) => id)).toEqual(expect.arrayContaining(['sentinel', 'splunk']));
});

describe.for(scheduled)('$id', (backend) => {
  test('tells every hit once, however late its records come', { timeout: 300_000 }, () => {
    const { streams, hits, runs, counterexample } = checkSchedules(backend, seed, 400);
    console.info(`${backend.id}, seed ${seed}: ${streams} streams, ${runs} runs, ${hits} hits`);
    expect(counterexample, counterexample).toBeUndefined();
    expect(hits).toBeGreaterThan(100);
  });
});
