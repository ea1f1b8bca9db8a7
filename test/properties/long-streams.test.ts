import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import { backends } from '../support/backends.ts';
import { findDivergence, type RawRecord } from '../support/meaning.ts';
import { readPlans } from '../support/read-plan.ts';

/** More than any command keeps by default: Splunk's sort keeps 10,000 rows, its streamstats 10,000 events. */
const count = 10_500;
const base = `title: Base
name: base
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
---
title: Other
name: other
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: CreateImage }, condition: s }
---
title: Main
correlation:
  timespan: 10m
  group-by: [awsRegion, recipientAccountId]
`;
const correlations = {
  event_count: '  type: event_count\n  rules: base\n  condition: { gte: 4 }\n',
  value_count:
    '  type: value_count\n  rules: base\n  condition: { field: requestParameters.imageId, gte: 4 }\n',
  temporal: '  type: temporal\n  rules: [base, other]\n',
};

/** One record every seven minutes of one of many accounts, and at the very end a burst of one of them. */
const records: readonly RawRecord[] = Array.from({ length: count }, (_, index) => {
  const burst = index > count - 8;
  const time = burst ? (count - 8) * 420 + (index - count + 8) * 100 : index * 420;
  return {
    eventTime: new Date(Date.UTC(2026, 0, 1) + time * 1000).toISOString().replace('.000Z', 'Z'),
    eventName: index % 5 === 4 ? 'CreateImage' : 'DeregisterImage',
    awsRegion: 'eu-west-1',
    recipientAccountId: burst ? '111111111111' : String(200_000_000_000 + (index % 150)),
    requestParameters: { imageId: `ami-${index % 7}` },
  };
});

describe.for(backends)('$id', (backend) => {
  test.for(Object.entries(correlations))(
    '%s over more rows than commands keep by default',
    { timeout: 120_000 },
    ([, settings]) => {
      const { file, plans } = readPlans(base + settings);
      const plan = plans.find(({ kind }) => kind === 'correlation');
      if (plan === undefined) throw new Error('no plan');
      const compiled = compile(plan, file, backend);
      expect(compiled.diagnostics.map(({ message }) => message)).toEqual([]);
      expect(evaluate(plan, records).length).toBeGreaterThan(0);
      const divergence = findDivergence(backend, plan, compiled, records, [{}]);
      expect(divergence).toBeUndefined();
    },
  );
});
