import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import { backends } from '../support/backends.ts';
import { findDivergence, type RawRecord } from '../support/meaning.ts';
import { readPlan, readPlans } from '../support/read-plan.ts';

/** A hundred values, 0 to 99, at one time: the p-th percentile is p. */
const records: readonly RawRecord[] = Array.from({ length: 100 }, (_, size) => ({
  eventTime: '2026-01-15T12:00:00Z',
  eventName: 'CreateVolume',
  requestParameters: { size },
}));

const rule = (percentile: number, bound: string): string => `title: Made
name: made
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: CreateVolume }, condition: s }
---
title: Percentile
correlation:
  type: value_percentile
  rules: made
  timespan: 5m
  condition: { field: requestParameters.size, percentile: ${percentile}, ${bound} }
`;
const able = backends.filter(({ capabilities }) =>
  capabilities.correlations.includes('value_percentile'),
);

describe('of a hundred numbers from 0 on the p-th percentile is p', () => {
  // 29, 57 and 58 hundredths of 100 are below 29, 57 and 58 in floating numbers.
  test.for([1, 7, 14, 28, 29, 55, 56, 57, 58, 99])('%d', (percentile) => {
    for (const [bound, hits] of [
      [`gte: ${percentile}`, 100],
      [`gt: ${percentile}`, 0],
      [`lt: ${percentile}`, 0],
      [`eq: ${percentile}`, 100],
    ] as const) {
      const text = rule(percentile, bound);
      const plan = readPlan(text);
      expect(evaluate(plan, records)).toHaveLength(hits);
      for (const backend of able) {
        const compiled = compile(plan, readPlans(text).file, backend);
        expect(findDivergence(backend, plan, compiled, records, [{}])).toBeUndefined();
      }
    }
  });
});
