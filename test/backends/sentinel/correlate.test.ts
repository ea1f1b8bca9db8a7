import { describe, expect, test } from 'vitest';
import { sentinel } from '../../../backends/sentinel/index.ts';
import { type Compiled, compile } from '../../../src/compile.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { readPlans } from '../../support/read-plan.ts';

const rules = `title: Created
name: created
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventSource: ec2.amazonaws.com, eventName: CreateImage }
  condition: sel
---
title: Deleted
name: deleted
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventSource: ec2.amazonaws.com, eventName: DeregisterImage }
  condition: sel
---
title: Created again
name: created_again
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventSource: ec2.amazonaws.com, eventName: CreateImage }
  condition: sel
---
title: Any
name: any
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventSource: ec2.amazonaws.com }
  condition: sel
---
`;

/** A correlation over the rules above, given as the lines of its body. */
function compiled(body: string, siemc = ''): Compiled {
  const lines = body.trim().replaceAll(/^\s*/gm, '  ');
  const text = `${rules}title: Main\ncorrelation:\n${lines}\n${siemc}`;
  const { plans, file, diagnostics } = readPlans(text);
  const plan = plans.find(({ rule }) => rule.title === 'Main');
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return compile(plan, file, sentinel);
}

function codes(body: string, siemc = ''): readonly string[] {
  return compiled(body, siemc).diagnostics.map(({ code }) => code);
}

/** The rows of a correlation's query, as objects. */
function rowsOf(
  { query, mappings: [mapping] }: Compiled,
  records: readonly Readonly<Record<string, unknown>>[],
  now?: number,
): readonly Readonly<Record<string, unknown>>[] {
  const { plans } = readPlans(rules);
  const [plan] = plans;
  if (query === undefined || mapping === undefined || plan === undefined)
    throw new Error('refused');
  const context = { source: sourcesOf(plan)[0], mapping, variant: 'default' };
  const events = records.map((record) => sentinel.layout(record, context));
  const { columns, rows, hits } = sentinel.prepare(query)(events, now === undefined ? {} : { now });
  return rows.map((row, i) => ({
    hit: hits[i],
    ...Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])),
  }));
}

function event(at: string, eventName: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    eventTime: `2026-01-15T${at}Z`,
    eventSource: 'ec2.amazonaws.com',
    eventName,
    userIdentity: { arn: 'a' },
    ...more,
  };
}

describe('a count of at least N', () => {
  const body =
    'type: event_count\nrules: [created]\ngroup-by: [actor]\ntimespan: 10m\ncondition: { gte: 3 }';

  test('looks N - 1 rows on', () => {
    expect(compiled(body).query).toBe(`// What created found, by actor.
let Found = AWSCloudTrail
    | where EventSource =~ "ec2.amazonaws.com"
    | where EventName =~ "CreateImage"
    | extend actor = coalesce(SessionIssuerArn, UserIdentityArn)
    | where isnotempty(actor);
// Moments of a group with at least 3 events in the 10 minutes up to and including them: latest
// first, the event 2 rows on is no older than that.
let Hits = Found
    | project actor, TimeGenerated, GroupHash = hash_sha256(actor)
    | sort by GroupHash asc, TimeGenerated desc
    | extend Earliest = next(TimeGenerated, 2), EarliestGroup = next(GroupHash, 2)
    | where EarliestGroup == GroupHash and TimeGenerated - Earliest <= 10m
    | distinct actor, TimeGenerated;
// The events of these moments.
Found
| join kind=leftsemi Hits on actor, TimeGenerated
`);
  });

  test('hits with all events of the completing moment, both ends of the window included', () => {
    const records = ['00:00:00', '00:10:00', '00:10:00', '00:20:01'].map((at) =>
      event(at, 'CreateImage'),
    );
    expect(rowsOf(compiled(body), records).map(({ hit }) => hit)).toEqual([1, 2]);
  });

  test('tells what became final in the last whole period', () => {
    const scheduled = compiled(body, 'siemc: { schedule: { every: 5m, delay: 10m } }');
    expect(scheduled.query).toContain(
      '    | where TimeGenerated >= Until - 15m and TimeGenerated < Until - 10m\n',
    );
    // What no window of such a moment holds isn't sorted.
    expect(scheduled.query).toContain(
      '    | where TimeGenerated >= Until - 15m - 10m and TimeGenerated < Until - 10m\n',
    );
    const records = ['00:00:00', '00:01:00', '00:02:00'].map((at) => event(at, 'CreateImage'));
    const hitsAt = (clock: string): readonly unknown[] =>
      rowsOf(scheduled, records, Date.parse(`2026-01-15T${clock}Z`)).map(({ hit }) => hit);
    expect(hitsAt('00:14:59')).toEqual([]);
    expect(hitsAt('00:15:00')).toEqual([2]);
    expect(hitsAt('00:19:59')).toEqual([2]);
    expect(hitsAt('00:20:00')).toEqual([]);
  });
});

describe('a count of at least one', () => {
  const body =
    'type: event_count\nrules: [created]\ngroup-by: [actor]\ntimespan: 10m\ncondition: { gte: 1 }';

  test('is every event', () => {
    expect(
      compiled(body, 'siemc: { schedule: { every: 5m, delay: 10m } }').query,
    ).toBe(`let Until = bin(now(), 5m);
AWSCloudTrail
| where EventSource =~ "ec2.amazonaws.com"
| where EventName =~ "CreateImage"
| where TimeGenerated >= Until - 15m and TimeGenerated < Until - 10m
| extend actor = coalesce(SessionIssuerArn, UserIdentityArn)
| where isnotempty(actor)
`);
  });
});

describe('windows', () => {
  const body =
    'type: value_count\nrules: [created, deleted]\ngroup-by: [actor]\ntimespan: 10m\ncondition: { field: awsRegion, gte: 2 }';

  test('are joined from what happened at each moment', () => {
    const { query } = compiled(body);
    expect(query).toContain(`let Events = materialize(
    Found
    | project actor, At = TimeGenerated, Bin = bin(TimeGenerated, 10m), awsRegion = AWSRegion
);
// Moments of a group whose window of 10 minutes up to and including them satisfies the condition.
let Hits = Events
    | summarize by actor, TimeGenerated = At
    | mv-expand Bin = range(bin(TimeGenerated - 10m, 10m), bin(TimeGenerated, 10m), 10m) to typeof(datetime)
    | join kind=inner (Events | summarize by actor, At, Bin, awsRegion) on actor, Bin
    | where At between (TimeGenerated - 10m .. TimeGenerated)
    | summarize
        DistinctCount = count_distinctif(awsRegion, isnotempty(awsRegion))
        by actor, TimeGenerated
    | where DistinctCount >= 2;
`);
  });

  test('show the set of values of all their events', () => {
    const shown = compiled(body, 'siemc: { details: { region: awsRegion, who: actor } }');
    const records = [
      event('00:00:00', 'CreateImage', { awsRegion: 'x' }),
      event('00:05:00', 'DeregisterImage', { awsRegion: 'b' }),
      event('00:06:00', 'DeregisterImage', { awsRegion: 'a' }),
      event('00:15:00', 'DeregisterImage', { awsRegion: 'b' }),
    ];
    expect(
      rowsOf(shown, records).map(({ hit, actor, region, who, DistinctCount }) => [
        hit,
        actor,
        region,
        who,
        DistinctCount,
      ]),
    ).toEqual([
      [1, 'a', 'b, x', 'a', 2],
      [2, 'a', 'a, b, x', 'a', 3],
      [3, 'a', 'a, b', 'a', 2],
    ]);
  });

  test("show nothing that the table hasn't", () => {
    const { query, diagnostics } = compiled(
      body,
      'siemc: { details: { console: sessionCredentialFromConsole, region: awsRegion } }',
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['sentinel/no-output']);
    expect(query).toContain(' region = ');
    expect(query).not.toContain('console');
  });

  test('need no list to find the number at a rank', () => {
    const query = (percentile: number): string | undefined =>
      compiled(
        `type: value_percentile\nrules: [created]\ntimespan: 10m\ncondition: { field: requestParameters.size, gte: 9, percentile: ${percentile} }`,
      ).query;
    expect(query(95)).toContain('| where Numbers > 0 and BelowBound <= 95 * Numbers / 100;');
    expect(query(99.9)).toContain('| where Numbers > 0 and BelowBound <= 99.9 * Numbers / 100;');
    expect(query(100)).toContain('| where Numbers > 0 and BelowBound < Numbers;');
    expect(query(0)).toContain('| where Numbers > 0 and BelowBound <= 0;');
    expect(query(95)).not.toContain('make_list');
  });

  test('have a line for each rule that is counted', () => {
    const { query } = compiled(
      'type: temporal\nrules: [created, deleted, any]\ntimespan: 10m\ncondition: { gte: 2 }',
    );
    expect(query).toContain(`    | where iff(created_events > 0, 1, 0)
        + iff(deleted_events > 0, 1, 0)
        + iff(any_events > 0, 1, 0) >= 2;
`);
  });
});

describe('the order of events', () => {
  const body =
    'type: temporal_ordered\nrules: [created, deleted]\ngroup-by: [actor]\ntimespan: 10m';

  test('is that of their times, equal ones included', () => {
    const found = (...names: readonly string[]): number =>
      rowsOf(
        compiled(body),
        names.map((name, i) => event(i < 2 ? '00:00:00' : '00:01:00', name)),
      ).length;
    expect(found('DeregisterImage', 'CreateImage')).toBe(2);
    expect(found('CreateImage', 'CreateImage', 'DeregisterImage')).toBe(1);
    expect(found('DeregisterImage', 'DeregisterImage', 'CreateImage')).toBe(0);
  });

  test('needs rules that find different events', () => {
    expect(codes(body.replace('created, deleted', 'created, any'))).toEqual([
      'sentinel/overlapping-members',
    ]);
  });
});

test('rules that ask for the same have one filter', () => {
  const { query } = compiled(
    'type: event_count\nrules: [created, created_again]\ntimespan: 10m\ncondition: { gte: 2 }',
  );
  expect(query).toContain('| where EventName =~ "CreateImage";');
});

test('keys that differ by rule need rules that find different events', () => {
  const aliases = 'aliases: { who: { created: actor, any: userIdentity.userName } }';
  const body = `type: event_count\nrules: [created, any]\n${aliases}\ngroup-by: [who]\ntimespan: 10m\ncondition: { gte: 2 }`;
  expect(codes(body)).toEqual(['sentinel/overlapping-members']);
  expect(compiled(body.replaceAll('any', 'deleted')).query).toContain(
    'who = case(created, coalesce(SessionIssuerArn, UserIdentityArn), UserIdentityUserName)',
  );
});

test('a loss that the author accepts is in the comment', () => {
  const { query, approximations } = compiled(
    'type: temporal\nrules: [created, deleted]\ntimespan: 10m',
    'siemc: { approximate: { sentinel: [window-tumbling] }, schedule: { every: 7m, delay: 0s } }',
  );
  expect(query).toMatch(/^\/\/ Approximation window-tumbling: /m);
  expect(query).toContain('by TimeGenerated = bin(TimeGenerated, 10m)');
  // Seven minutes don't divide the time between the years 1 and 1970.
  expect(query).toContain('let Until = bin_at(now(), 7m, datetime(1970-01-01T00:00:00.0000000Z));');
  expect(approximations.map(({ code }) => code)).toEqual(['window-tumbling']);
});

describe('names', () => {
  const [created, deleted] = ['00:00:00', '00:01:00'];
  const records = [
    event(created, 'CreateImage', { userAgent: 'x', sourceIPAddress: '10.0.0.1' }),
    event(deleted, 'DeregisterImage', { userAgent: 'x', sourceIPAddress: '10.0.0.1' }),
  ];

  test('that a join gives are no names of keys or outputs', () => {
    const aliases =
      'aliases: { userAgent1: { created: sourceIPAddress, deleted: sourceIPAddress } }';
    const body = `type: temporal\nrules: [created, deleted]\n${aliases}\ngroup-by: [userAgent1, userAgent]\ntimespan: 10m`;
    const details =
      'siemc: { details: { TimeGenerated1: eventName, At: awsRegion, Bin: eventName } }';
    const rows = rowsOf(compiled(body, details), records);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      hit: 1,
      userAgent: 'x',
      userAgent1Value: '10.0.0.1',
      TimeGenerated1Value: 'CreateImage, DeregisterImage',
      Bin: 'CreateImage, DeregisterImage',
    });
    expect(Object.keys(rows[0] ?? {}).filter((name) => name.endsWith('1'))).toEqual([]);
  });

  test('of helpers are not in the answer', () => {
    const nested = `name: main
correlation:
  type: event_count
  rules: [created]
  group-by: [userAgent]
  timespan: 10m
  condition: { gte: 1 }
---
title: Outer
correlation:
  type: temporal
  rules: [main, deleted]
  group-by: [userAgent]
  timespan: 10m`;
    const text = `${rules}title: Inner\n${nested}\n`;
    const { plans, file } = readPlans(text);
    const plan = plans.find(({ rule }) => rule.title === 'Outer');
    if (plan === undefined) throw new Error('no plan');
    const rows = rowsOf(compile(plan, file, sentinel), records);
    expect(rows.map(({ hit }) => hit)).toEqual([1]);
    const made = Object.keys(rows[0] ?? {}).filter((name) => /Record|[0-9]$|^At$|^Bin$/.test(name));
    expect(made).toEqual([]);
  });
});

test('a key that keeps no text is refused', () => {
  expect(
    codes(
      'type: event_count\nrules: [created]\ngroup-by: [eventTime]\ntimespan: 10m\ncondition: { gte: 2 }',
    ),
  ).toEqual(['sentinel/datetime-text']);
});

test('limits of schedules', () => {
  const minute = 60_000;
  const day = 1_440 * minute;
  const problem = (every: number, lookback: number) =>
    sentinel.scheduleProblem?.({ every, delay: 0, lookback });
  expect(problem(5 * minute, 20 * minute)).toBeUndefined();
  expect(problem(60 * minute, 14 * day)).toBeUndefined();
  expect(problem(minute, 20 * minute)).toContain('five minutes');
  expect(problem(5 * minute, 2 * day)).toContain('once an hour');
  expect(problem(day, 15 * day)).toContain('14 days');
  // An analytics rule says it in whole minutes.
  expect(problem(5 * minute, 2 * day - 1000)).toContain('once an hour');
});

test('a scheduled rule of single events keeps what was taken in during the last whole period', () => {
  const text = `title: Main
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventName: CreateImage, requestParameters.name: x }
  condition: sel
siemc: { schedule: { every: 5m, delay: 10m } }
`;
  const { plans, file } = readPlans(text);
  const [plan] = plans;
  if (plan === undefined) throw new Error('no plan');
  const {
    query,
    mappings: [mapping],
  } = compile(plan, file, sentinel);
  if (query === undefined || mapping === undefined) throw new Error('refused');
  expect(query).toBe(`AWSCloudTrail
| where EventName =~ "CreateImage"
| where ingestion_time() >= bin(now(), 5m) - 5m and ingestion_time() < bin(now(), 5m)
| extend Request = parse_json(RequestParameters)
| where tostring(Request.name) =~ "x"
`);
  const at = (clock: string): number => Date.parse(`2026-01-15T${clock}Z`);
  const record = event('00:00:00', 'CreateImage', { requestParameters: { name: 'X' } });
  const stored = sentinel.layout(record, {
    source: sourcesOf(plan)[0],
    mapping,
    variant: 'default',
    ingested: at('00:07:00'),
  });
  const run = sentinel.prepare(query);
  const found = ['00:07:30', '00:10:00', '00:14:59', '00:15:00'].map(
    (clock) => run([stored], { now: at(clock) }).hits.length,
  );
  expect(found).toEqual([0, 1, 1, 0]);
});
