import { expect, test } from 'vitest';
import { splunk } from '../../../backends/splunk/index.ts';
import { findDivergence, findHits } from '../../support/meaning.ts';
import { randomOf } from '../../support/random.ts';
import { compileRule } from './support.ts';

/** Rules with a time, a list, two fields and an element, and what stands between them. */
function rules(correlation: string): string {
  const one = (name: string, detection: string): string =>
    `title: ${name}
name: ${name}
sigma-version: 3
logsource: { product: aws, service: cloudtrail }
detection:
${detection}
`;
  return [
    one(
      'shared',
      `  s: { eventName: CreateImage, eventTime|hour: [3, 4], "resources[any]": { ARN|startswith: a, type: b } }
  f: { userIdentity.arn|expand: "%builders%" }
  condition: s and not f`,
    ),
    one(
      'deleted',
      `  s: { eventName: DeleteImage, eventTime|within: { days: mon-fri, from: "02:00", to: "05:00" } }
  f: { userIdentity.arn|expand: "%builders%" }
  g: { userIdentity.arn|fieldref: userIdentity.userName }
  condition: s and not f and not g`,
    ),
    `title: main
correlation:
${correlation}
`,
  ].join('---\n');
}

const random = randomOf(11);
const start = Date.UTC(2025, 0, 6, 2, 50);
const records = Array.from({ length: 150 }, (_, index) => ({
  eventID: String(index),
  eventTime: new Date(start + index * 40_000).toISOString(),
  eventName: random.pick(['CreateImage', 'DeleteImage', 'Other']),
  awsRegion: random.pick(['eu-1', 'us-1']),
  userIdentity: {
    arn: random.pick(['alpha', 'beta', 'gamma']),
    userName: random.pick(['Beta', 'x']),
  },
  resources: Array.from({ length: random.below(3) }, () => ({
    ARN: random.pick(['a1', 'b1']),
    type: random.pick(['b', 'c']),
  })),
}));

test.each([
  'type: temporal\n  rules: [shared, deleted]\n  group-by: [awsRegion]\n  timespan: 5m',
  'type: temporal_ordered\n  rules: [shared, deleted]\n  group-by: [awsRegion]\n  timespan: 5m',
  'type: event_count\n  rules: [shared, deleted]\n  group-by: [awsRegion]\n  timespan: 10m\n  condition: { gte: 3 }',
  'type: event_count\n  rules: [shared]\n  timespan: 10m\n  condition: { gte: 2 }',
  'type: value_count\n  rules: [deleted]\n  group-by: [awsRegion]\n  timespan: 1h\n  condition: { field: userIdentity.arn, gte: 2 }',
])('%s', (correlation) => {
  const compiled = compileRule(rules(`  ${correlation}`));
  const { plan } = compiled;
  expect(compiled.diagnostics).toEqual([]);
  expect(findHits(splunk, plan, compiled, records).length).toBeGreaterThan(0);
  expect(findDivergence(splunk, plan, compiled, records)).toBeUndefined();
});
