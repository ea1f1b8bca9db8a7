import { expect, test } from 'vitest';
import { folderOf, type Outcome, siemc } from './siemc.ts';

const burst = (every: string): string => `title: Image deleted
name: image_deleted
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
---
title: Burst
correlation:
  type: event_count
  rules: [image_deleted]
  group-by: [awsRegion]
  timespan: 10m
  condition: { gte: 3 }
siemc: { schedule: { every: ${every}, delay: 15m } }
`;

/** Runs one case over the sample. */
function run(
  every: string,
  expectation: string,
  event: string,
  { time = '2026-01-15T12:00:00', env = {} } = {},
): Outcome {
  const record = { eventName: 'DeregisterImage', awsRegion: 'eu-west-1', eventTime: time };
  const cwd = folderOf({
    'detections/burst.yml': burst(every),
    'detections/burst.test.yaml': `cases:
  - name: one
    expect: ${expectation}
    events: [{ $sample: ./sample.json, ${event} }]
`,
    'detections/sample.json': JSON.stringify(record),
  });
  return siemc(['test', '-t', 'splunk'], { cwd, env });
}

test('thousands of runs of a schedule take seconds', { timeout: 30_000 }, () => {
  const { out } = run('1m', 'none', 'repeat: 20000, every: 6m, at: +0s');
  expect(out).toContain('2 passed');
});

test('more events than a machine has time for are refused', () => {
  const most = 'repeat: 100000, every: 1s, at: +0s';
  const events = `${most} }, { $sample: ./sample.json, ${most}`;
  const { out, err, code } = run('1m', 'match', events);
  expect(err).toContain('burst.test.yaml:2:11 error');
  expect(err).toContain('use fewer events or a longer "every"');
  expect(out).not.toContain('diverged on');
  expect(code).toBe(1);
});

test('a time without a zone is UTC wherever the tests run', () => {
  const env = { TZ: 'America/New_York' };
  // In New York the clock goes from 02:00 to 03:00 on that day.
  const spring = { time: '2026-03-08T01:59:00', env };
  expect(run('5m', '1', 'repeat: 3, every: 1m', spring).out).toContain('2 passed');
  expect(
    run('5m', '1', 'repeat: 3, every: 5m', { time: '2026-01-15 12:00:00', env }).out,
  ).toContain('2 passed');
});

test('an event that comes later than the rule waits is told where it stands', () => {
  const { out, err, code } = run('5m', 'match', 'at: +0s, repeat: 3, late: 16m');
  expect(err).toContain('burst.test.yaml:4:14 error The event comes later than the 900 s');
  expect(out).not.toContain('diverged on');
  expect(code).toBe(1);
  expect(run('5m', '1', 'at: +0s, repeat: 3, late: 15m').out).toContain('2 passed');
});
