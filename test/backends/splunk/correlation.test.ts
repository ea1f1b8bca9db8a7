import { describe, expect, test } from 'vitest';
import type { RunOptions, RunResult } from '#backend';
import { splunk } from '../../../backends/splunk/index.ts';
import { compile } from '../../../src/compile.ts';
import { runPlan } from '../../../src/engine/run-plan.ts';
import { storeRecords } from '../../../src/engine/store.ts';
import type { CorrelationPlan } from '../../../src/plan/correlation.ts';
import { evaluate } from '../../../src/plan/evaluate.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { findDivergence } from '../../support/meaning.ts';
import { randomOf } from '../../support/random.ts';
import { readPlans } from '../../support/read-plan.ts';

const base = (name: string, detection: string): string =>
  `title: ${name}\nname: ${name}\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s: ${detection}\n  condition: s\n`;
const created = base('created', '{ eventName: [CreateImage, CopyImage] }');
const deleted = base('deleted', '{ eventName: DeregisterImage }');
const anyImage = base('images', '{ eventName|endswith: Image }');

function rule(type: string, rules: string, rest: string, siemc = ''): string {
  const body = rest
    .split('; ')
    .map((line) => `  ${line}\n`)
    .join('');
  const more = siemc === '' ? '' : `siemc:\n  ${siemc}\n`;
  return `title: Main\nname: main\ncorrelation:\n  type: ${type}\n  rules: ${rules}\n${body}${more}`;
}

function compiled(...documents: readonly string[]): {
  readonly plan: Plan;
  readonly query: string;
  readonly codes: readonly string[];
  readonly result: ReturnType<typeof compile>;
} {
  const { file, plans, diagnostics } = readPlans(documents.join('---\n'));
  const plan = plans.at(-1);
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  const result = compile(plan, file, splunk);
  const codes = result.diagnostics.map(({ code }) => code);
  return { plan, query: result.query ?? '', codes, result };
}

/** The commands behind the first search, without comments. */
function pipe(query: string): readonly string[] {
  return query
    .replace(/```.*```\n/g, '')
    .split('\n| ')
    .slice(1)
    .map((command) => command.trim().replace(/\s+/g, ' '));
}

type Parts = Readonly<Record<string, unknown>>;

function record(seconds: number, eventName: string, more: Parts = {}): Parts {
  const eventTime = new Date(Date.UTC(2026, 0, 15, 12) + seconds * 1000)
    .toISOString()
    .replace('.000Z', 'Z');
  return { eventTime, eventName, eventSource: 'ec2.amazonaws.com', ...more };
}

describe('what is emitted', () => {
  test('at least n events: the nth back is in the window, events of one time together', () => {
    const { query } = compiled(
      deleted,
      rule(
        'event_count',
        '[deleted]',
        'group-by: [awsRegion]; timespan: 10m; condition: { gte: 3 }',
      ),
    );
    expect(query).toBe(`\`siemc_index_aws_cloudtrail\` sourcetype="aws:cloudtrail"
  eventName="DeregisterImage"
  awsRegion=*
| fields _time, awsRegion
| fields - _raw
| eval siemc_at=round(_time * 1000)
| sort 0 str(awsRegion), num(siemc_at)
\`\`\`The last 3 events of a group: since when?\`\`\`
| streamstats global=f window=3 count as siemc_events, min(siemc_at) as siemc_first by awsRegion
| eval siemc_hit=if(siemc_events == 3 AND siemc_at - siemc_first <= 600000, 1, 0)
| reverse
\`\`\`Events of one time are hits together.\`\`\`
| streamstats max(siemc_hit) as siemc_hits by awsRegion, siemc_at
| where siemc_hits == 1
| table _time, awsRegion
`);
  });

  test.each(['all', 'window'])(
    'events of one time with thousands of another group between them: %s',
    (reading) => {
      const all = compiled(
        deleted,
        rule(
          'event_count',
          '[deleted]',
          'group-by: [awsRegion]; timespan: 10m; condition: { gte: 3 }',
        ),
      );
      const one = (awsRegion: string): Parts => record(0, 'DeregisterImage', { awsRegion });
      const others = Array.from({ length: 10_001 }, () => one('us-east-1'));
      const rows = [one('eu-west-1'), one('eu-west-1'), ...others, one('eu-west-1')];
      const switches = { 'streamstats-unbounded': reading };
      expect(found(all, rows, { switches }).hits).toHaveLength(rows.length);
    },
  );

  test('other numbers: running totals over rows that join, look and leave', () => {
    const { query } = compiled(
      deleted,
      rule(
        'event_count',
        '[deleted]',
        'group-by: [awsRegion]; timespan: 10m; condition: { lt: 3 }',
      ),
    );
    expect(pipe(query).slice(2)).toEqual([
      'eval siemc_at=round(_time * 1000), siemc_step=mvrange(1, 4)',
      'mvexpand siemc_step',
      'eval siemc_at=siemc_at + if(siemc_step == 3, 600000, 0), siemc_count=2 - siemc_step',
      'sort 0 str(awsRegion), num(siemc_at), num(siemc_step)',
      'accum siemc_count',
      'where siemc_step == 2 AND siemc_count < 3',
      'table _time, awsRegion, siemc_count',
    ]);
  });

  test('the first command holds what members share, and what each asks for', () => {
    const { query } = compiled(
      base('one', '{ eventSource: ec2.amazonaws.com, eventName: CreateImage }'),
      base('two', '{ eventSource: ec2.amazonaws.com, eventName: RunInstances }'),
      rule('event_count', '[one, two]', 'timespan: 10m; condition: { gte: 3 }'),
    );
    expect(query.slice(0, query.indexOf('\n|'))).toBe(
      '`siemc_index_aws_cloudtrail` sourcetype="aws:cloudtrail"\n  eventSource="ec2.amazonaws.com"\n  eventName IN ("CreateImage", "RunInstances")',
    );
  });

  test('an output that is a group-by field is that, another is gathered over the group', () => {
    const { query } = compiled(
      deleted,
      rule(
        'event_count',
        '[deleted]',
        'group-by: [actor]; timespan: 10m; condition: { gte: 1 }',
        'entities: { account: actor, ip: sourceIPAddress }',
      ),
    );
    expect(pipe(query).slice(-7)).toEqual([
      'eval siemc_at=round(_time * 1000), siemc_completed=siemc_at',
      'eventstats min(siemc_completed) as siemc_from, max(siemc_completed) as siemc_to by actor',
      'where isnotnull(siemc_completed) OR (siemc_at >= siemc_from - 600000 AND siemc_at <= siemc_to)',
      'eventstats values(sourceIPAddress) as ip by actor',
      'where isnotnull(siemc_completed)',
      'eval account=actor',
      'table _time, actor, account, ip',
    ]);
  });
});

/** What a query finds in records that are stored as it reads them. */
function found(
  { plan, query, result }: ReturnType<typeof compiled>,
  records: readonly Parts[],
  options: RunOptions = {},
): RunResult {
  const [mapping] = result.mappings;
  if (mapping === undefined) throw new Error('no mapping');
  const context = { source: sourcesOf(plan)[0], mapping, variant: 'raw' };
  const stored = storeRecords(splunk, [context], records);
  return splunk.prepare(query)(
    stored.map(({ event }) => event),
    options,
  );
}

describe('what is shown', () => {
  const at = (seconds: number, ip: string): Parts =>
    record(seconds, 'DeregisterImage', { sourceIPAddress: ip });
  const events = [
    at(0, 'long-before'),
    at(401, 'within'),
    at(900, 'first'),
    at(1000, 'hit'),
    at(1001, 'after'),
    at(5000, 'later'),
  ];
  const shown = (settings: string, options: RunOptions = {}): readonly unknown[] => {
    const text = rule(
      'value_count',
      '[deleted]',
      'timespan: 10m; condition: { field: sourceIPAddress, gte: 3 }',
      `details: { ip: sourceIPAddress }\n${settings}`,
    );
    const { rows, columns } = found(compiled(deleted, text), events, options);
    return rows.map((row) => row[columns.findIndex(({ name }) => name === 'ip')]);
  };

  test('what the group has from a window before its first hit to its last', () => {
    const all = ['after', 'first', 'hit', 'within'];
    expect(shown('')).toEqual([all, all]);
  });

  test('of a scheduled search the hits are those of the run', () => {
    const settings = '  schedule: { every: 1m, delay: 0s }\n';
    const run = (seconds: number): readonly unknown[] =>
      shown(settings, { now: Date.UTC(2026, 0, 15, 12) + seconds * 1000 });
    const all = ['after', 'first', 'hit', 'within'];
    expect(run(1020)).toEqual([all, all]);
    expect(run(1080)).toEqual([]);
  });

  test('names of fields, of Splunk and of helper columns are kept apart', () => {
    const text = rule(
      'event_count',
      '[deleted]',
      'timespan: 10m; condition: { gte: 1 }',
      'details: { eventSource: userAgent, _time: awsRegion, siemc_at: sourceIPAddress, awsRegion: awsRegion }',
    );
    expect(pipe(compiled(deleted, text).query).at(-1)).toBe(
      'table _time, siemc_output_eventSource, siemc_output__time, siemc_output_siemc_at, awsRegion',
    );
  });
});

describe('columns of groups', () => {
  const events = [0, 1, 2, 3].map((i) =>
    record(i * 60, 'DeregisterImage', { awsRegion: i === 3 ? 'us-east-1' : 'eu-west-1' }),
  );
  const region = 'awsRegion';
  const source = 'eventSource';

  test.each([
    [{ region }, '[region, awsRegion]', ['region', region]],
    [{ a: region, b: region }, '[a, b]', ['a', 'b']],
    [{ awsRegion: source, eventSource: region }, '[awsRegion, eventSource]', [region, source]],
    [{ _time: region, siemc_count: source }, '[_time, siemc_count]', ['siemc_key1', 'siemc_key2']],
    [{ 'a*': region }, "['a*']", ['siemc_key1']],
  ])('aliases %s by %s', (aliases: Parts, by, columns) => {
    const lines = Object.entries(aliases).map(([name, at]) => `"${name}": { deleted: ${at} }`);
    const text = (more: string): string =>
      rule(
        'event_count',
        '[deleted]',
        `aliases: { ${lines.join(', ')} }; group-by: ${by}; timespan: 10m; ${more}`,
      );
    for (const condition of ['{ gte: 2 }', '{ neq: 1 }']) {
      const all = compiled(deleted, text(`condition: ${condition}`));
      expect(pipe(all.query).at(-1)).toMatch(new RegExp(`^table _time, ${columns.join(', ')}\\b`));
      expect(evaluate(all.plan, events)).toHaveLength(2);
      expect(findDivergence(splunk, all.plan, all.result, events)).toBeUndefined();
    }
  });

  test('swapped again by a correlation of the correlation', () => {
    const swap = (rules: string): string =>
      `aliases: { awsRegion: { ${rules}: eventSource }, eventSource: { ${rules}: awsRegion } }; group-by: [awsRegion, eventSource]; timespan: 10m; condition: { gte: 2 }`;
    const all = compiled(
      deleted,
      rule('event_count', '[deleted]', swap('deleted')).replaceAll(/main/gi, 'inner'),
      rule('event_count', '[inner]', swap('inner')),
    );
    expect(evaluate(all.plan, events).length).toBeGreaterThan(0);
    expect(findDivergence(splunk, all.plan, all.result, events)).toBeUndefined();
  });
});

describe('what is meant', () => {
  const random = randomOf(7);
  const pick = <T>(values: readonly T[]): T => random.pick(values);
  const records = Array.from({ length: 120 }, (_, i) =>
    record(
      Math.floor(i / 2) * pick([0, 20, 30, 60]),
      pick(['CreateImage', 'CopyImage', 'DeregisterImage', 'Other']),
      {
        awsRegion: pick(['eu-west-1', 'EU-west-1', 'us-east-1']),
        ...(random.chance(0.2) ? {} : { sourceIPAddress: pick(['198.51.100.1', 'a.example']) }),
        requestParameters: {
          ...(random.chance(0.3) ? {} : { imageId: pick(['ami-1', 'ami-2', 'AMI-1']) }),
          size: pick([1, '2', 3.5, 'many', 10]),
          tags: pick([['5', '5.0'], ['a'], []]),
        },
        responseElements: { imageId: pick(['ami-1', 'ami-2', 'ami-3']) },
        ...(random.chance(0.3) ? { errorCode: 'Denied' } : {}),
      },
    ),
  );
  const texts: readonly (readonly string[])[] = [
    [
      rule(
        'temporal',
        '[created, deleted]',
        'aliases: { image: { created: responseElements.imageId, deleted: requestParameters.imageId } }; group-by: [image]; timespan: 2m',
      ),
    ],
    [
      rule(
        'temporal_ordered',
        '[created, deleted]',
        'aliases: { image: { created: responseElements.imageId, deleted: requestParameters.imageId } }; group-by: [image, awsRegion]; timespan: 2m',
      ),
    ],
    [
      rule(
        'value_count',
        '[created, deleted]',
        'aliases: { image: { created: responseElements.imageId, deleted: requestParameters.imageId } }; timespan: 1m; condition: { field: image, gte: 3 }',
      ),
    ],
    [
      rule(
        'event_count',
        '[created]',
        'group-by: [errorCode]; timespan: 1h; condition: { gte: 2 }',
      ),
    ],
    [rule('event_count', '[created]', 'timespan: 5m; condition: { eq: 4 }')],
    [
      rule(
        'value_avg',
        '[created]',
        'group-by: [awsRegion]; timespan: 5m; condition: { field: requestParameters.size, gt: 3.3 }',
      ),
    ],
    [
      rule(
        'value_percentile',
        '[created]',
        'timespan: 5m; condition: { field: requestParameters.size, percentile: 90, neq: 10 }',
      ),
    ],
  ];

  test.each(texts)('%s', (text) => {
    const { plan, result } = compiled(created, deleted, text);
    expect(evaluate(plan, records).length).toBeGreaterThan(0);
    expect(findDivergence(splunk, plan, result, records)).toBeUndefined();
  });

  const burst = (rest: string): string =>
    rule('event_count', '[created, images]', `${rest}; timespan: 1m`).replaceAll(/main/gi, 'burst');
  const copied = base('copied', '{ eventName: CopyImage }');
  const pair = rule(
    'temporal',
    '[created, copied]',
    'group-by: [awsRegion]; timespan: 1m',
  ).replaceAll(/main/gi, 'pair');

  test.each([
    ['temporal_ordered', '[burst, deleted]', 'gte: 3'],
    ['temporal_ordered', '[created, burst]', 'gte: 3'],
    ['temporal_ordered', '[burst, images]', 'gte: 2'],
    ['temporal_ordered', '[pair, burst, images]', 'eq: 2'],
    ['temporal', '[burst, deleted, pair]', 'lt: 3'],
    ['temporal', '[deleted, burst]', 'gte: 3', 'condition: deleted and not burst'],
  ])('%s of %s, where a burst is a correlation: %s', (type, rules, count, more = '') => {
    const { plan, result } = compiled(
      created,
      anyImage,
      deleted,
      copied,
      pair,
      burst(`group-by: [awsRegion]; condition: { ${count} }`),
      rule(type, rules, `group-by: [awsRegion]; timespan: 3m${more === '' ? '' : `; ${more}`}`),
    );
    expect(evaluate(plan, records).length).toBeGreaterThan(0);
    expect(findDivergence(splunk, plan, result, records)).toBeUndefined();
  });

  test('an event that is a hit of several inner groups is one where these are one', () => {
    const by = 'group-by: [awsRegion, requestParameters.instancesSet.items.instanceId]';
    const { plan, result } = compiled(
      created,
      deleted,
      burst(`${by}; condition: { gte: 2 }`).replace('created, images', 'created'),
      rule('temporal', '[created, burst]', `${by}; timespan: 3m`).replaceAll(/main/gi, 'both'),
      rule('event_count', '[both]', 'timespan: 5m; condition: { gte: 4 }'),
    );
    const launches = records.map((each, i) => ({
      ...each,
      requestParameters: {
        instancesSet: { items: [{ instanceId: `i-${i % 2}` }, { instanceId: `i-${i % 3}` }] },
      },
    }));
    expect(evaluate(plan, launches).length).toBeGreaterThan(0);
    expect(findDivergence(splunk, plan, result, launches)).toBeUndefined();
  });

  test('keys and values that fold case', () => {
    const { plan } = compiled(
      created,
      rule(
        'value_count',
        '[created]',
        'group-by: [awsRegion]; timespan: 5m; condition: { field: requestParameters.imageId, gte: 2 }',
      ),
    );
    const fold = <T extends object>(each: T): T => ({ ...each, fold: true });
    const { groupBy, condition } = plan as CorrelationPlan;
    const folded = {
      ...plan,
      groupBy: groupBy.map(fold),
      condition:
        condition.kind === 'distinct'
          ? { ...condition, fields: condition.fields.map(fold) }
          : condition,
    } as CorrelationPlan;
    const result = compile(folded, { path: 'rule.yml', text: '' }, splunk);
    expect(result.assumptions).toContain('lower() also makes letters beyond ASCII small.');
    expect(evaluate(folded, records)).not.toEqual(evaluate(plan, records));
    expect(findDivergence(splunk, folded, result, records)).toBeUndefined();
  });
});

test('a correlation beside a rule is a mark on its own events', () => {
  const several = rule(
    'value_count',
    '[created]',
    'group-by: [awsRegion]; timespan: 1m; condition: { field: sourceIPAddress, gte: 2 }',
  ).replaceAll(/main/gi, 'several');
  const outer = rule(
    'event_count',
    '[several, deleted]',
    'group-by: [awsRegion]; timespan: 1h; condition: { gte: 3 }',
  );
  const { query } = compiled(created, deleted, several, outer);
  const commands = pipe(query);
  expect(commands.slice(3, 13)).toEqual([
    'eval siemc_at=round(_time * 1000), siemc_step=if(siemc_has_created == 1, mvrange(1, 4), 2)',
    'mvexpand siemc_step',
    'where siemc_step == 2 OR isnotnull(siemc_value_several)',
    'eval siemc_at=siemc_at + if(siemc_step == 3, 60000, 0), siemc_distinct=2 - siemc_step',
    'sort 0 str(awsRegion), str(siemc_value_several), num(siemc_at), num(siemc_step)',
    'accum siemc_distinct',
    'eval siemc_distinct=case(siemc_step == 1 AND siemc_distinct == 1, 1, siemc_step == 3 AND siemc_distinct == 0, -1, true(), 0)',
    'sort 0 str(awsRegion), num(siemc_at), num(siemc_step)',
    'accum siemc_distinct',
    'where siemc_step == 2',
  ]);
  expect(commands).toContain(
    'eval siemc_hit_several=if(siemc_has_created == 1 AND siemc_distinct >= 2, 1, 0)',
  );
  expect(commands).toContain(
    'eval siemc_at=siemc_at + if(siemc_step == 3, 3600000, 0), siemc_count=(siemc_has_deleted + siemc_hit_several) * (2 - siemc_step)',
  );
});

describe('window-tumbling', () => {
  const approximate = 'approximate: { splunk: [window-tumbling] }';
  const events = (rows: readonly Parts[], plan: Plan, result: ReturnType<typeof compile>) => {
    const [mapping] = result.mappings;
    if (mapping === undefined) throw new Error('no mapping');
    const context = { source: sourcesOf(plan)[0], mapping, variant: 'raw' };
    return storeRecords(splunk, [context], rows).map(({ event }) => event);
  };
  const rows = [
    record(0, 'CreateImage', { requestParameters: { size: 1, imageId: 'a' } }),
    record(599, 'CreateImage', { requestParameters: { size: 'x' } }),
    record(600, 'DeregisterImage', { requestParameters: { size: 4, imageId: 'a' } }),
    record(700, 'CreateImage', { requestParameters: { size: 9, imageId: 'b' } }),
    record(800, 'CreateImage', { requestParameters: { size: 5, imageId: 'b' } }),
  ];
  const noon = Date.UTC(2026, 0, 15, 12) / 1000;

  test.each([
    ['event_count', '{ gte: 3 }', [noon + 600]],
    ['event_count', '{ lt: 3 }', [noon]],
    ['value_count', '{ field: requestParameters.imageId, gte: 2 }', [noon + 600]],
    ['value_count', '{ field: [requestParameters.imageId, eventName], eq: 1 }', [noon]],
    ['value_sum', '{ field: requestParameters.size, gte: 18 }', [noon + 600]],
    ['value_avg', '{ field: requestParameters.size, lt: 2 }', [noon]],
    ['value_median', '{ field: requestParameters.size, eq: 5 }', [noon + 600]],
    ['value_percentile', '{ field: requestParameters.size, percentile: 90, gte: 9 }', [noon + 600]],
  ])('%s %s', (type, condition, starts) => {
    const text = rule(
      type,
      '[created, deleted]',
      `timespan: 10m; condition: ${condition}`,
      approximate,
    );
    const { plan, query, result } = compiled(created, deleted, text);
    expect(result.approximations.map(({ code }) => code)).toEqual(['window-tumbling']);
    expect(result.assumptions.some((text) => text.includes('perc_method'))).toBe(
      ['value_median', 'value_percentile'].includes(type),
    );
    expect(query).toContain('```window-tumbling: fixed windows of 10m');
    const found = splunk.prepare(query)(events(rows, plan, result));
    const time = found.columns.findIndex(({ name }) => name === '_time');
    expect(found.rows.map((row) => row[time])).toEqual(starts);
    expect(found.hits).toEqual(starts.map(() => undefined));
  });

  test('temporal', () => {
    const text = rule('temporal', '[created, deleted]', 'timespan: 10m', approximate);
    const { plan, query, result } = compiled(created, deleted, text);
    expect(splunk.prepare(query)(events(rows, plan, result)).rows).toEqual([[noon + 600, 1, 1]]);
  });

  test('temporal_ordered needs it no more than what has an exact form', () => {
    const text = rule('temporal_ordered', '[created, deleted]', 'timespan: 10m', approximate);
    const { codes, result } = compiled(created, deleted, text);
    expect(codes).toContain('rule/unused-approximation');
    expect(result.query).not.toContain('window-tumbling');
  });
});

describe('numbers', () => {
  const sized = (type: string, condition: string, siemc = ''): ReturnType<typeof compiled> =>
    compiled(
      created,
      rule(
        type,
        '[created]',
        `timespan: 1h; condition: { field: requestParameters.size, ${condition} }`,
        siemc,
      ),
    );

  test.each([
    [29, 'siemc_below <= floor(29 * siemc_numbers / 100)'],
    [50, 'siemc_below <= floor(siemc_numbers / 2)'],
    [1, 'siemc_below <= floor(siemc_numbers / 100)'],
    [0, 'siemc_below <= 0'],
    [100, 'siemc_below <= siemc_numbers - 1'],
    [99.9, 'siemc_below <= min(floor(99.9 * siemc_numbers / 100), siemc_numbers - 1)'],
  ])('the rank of percentile %s', (percentile, rank) => {
    const all = sized('value_percentile', `percentile: ${percentile}, gte: 30`);
    expect(pipe(all.query).at(-2)).toBe(`where siemc_step == 2 AND siemc_numbers > 0 AND ${rank}`);
    const events = Array.from({ length: 100 }, (_, i) =>
      record(i, 'CreateImage', { requestParameters: { size: i + 1 } }),
    );
    expect(findDivergence(splunk, all.plan, all.result, events)).toBeUndefined();
  });

  test('what is exact of sums is said', () => {
    expect(sized('value_sum', 'gt: 5').result.assumptions.join()).toContain('2^53');
    const loose = 'approximate: { splunk: [window-tumbling] }';
    expect(sized('value_sum', 'gt: 5', loose).result.assumptions.join()).not.toContain('2^53');
  });
});

describe('what is refused', () => {
  test.each([
    ['temporal_ordered', '[created, images, deleted]', 'timespan: 1m'],
    [
      'event_count',
      '[created, images]',
      'aliases: { i: { created: responseElements.imageId, images: requestParameters.imageId } }; group-by: [i]; timespan: 1m; condition: { gte: 2 }',
    ],
  ])('%s of rules that may find one event', (type, rules, rest) => {
    const { query, codes } = compiled(created, anyImage, deleted, rule(type, rules, rest));
    expect(query).toBe('');
    expect(codes).toEqual(['splunk/overlapping-members']);
  });

  const inner = (by: string): string =>
    rule(
      'event_count',
      '[created]',
      `group-by: ${by}; timespan: 1m; condition: { gte: 2 }`,
    ).replaceAll(/main/gi, 'inner');

  test.each([
    ['[awsRegion, actor]', 'temporal', '', 'grouped by other fields'],
    [
      '[awsRegion]',
      'value_count',
      '; condition: { field: awsRegion, gte: 2 }',
      'only events have values',
    ],
  ])('a correlation by %s beside a rule in %s%s', (by, type, condition, why) => {
    const outer = rule(type, '[inner, deleted]', `group-by: [awsRegion]; timespan: 1h${condition}`);
    const { query, codes, result } = compiled(created, deleted, inner(by), outer);
    expect(query).toBe('');
    expect(codes).toEqual(['splunk/nested-correlation']);
    expect(result.diagnostics[0]?.message).toContain(why);
  });

  test('rules in an order with a correlation, where one event may be found by two', () => {
    const outer = rule(
      'temporal_ordered',
      '[created, images, inner]',
      'group-by: [awsRegion]; timespan: 1h',
    );
    const { query, codes } = compiled(created, anyImage, inner('[awsRegion]'), outer);
    expect(query).toBe('');
    expect(codes).toEqual(['splunk/overlapping-members']);
  });
});

describe('schedules', () => {
  const schedule = 'schedule: { every: 5m, delay: 5m }';

  test('a search reads what the windows of its hits can hold, those within them too', () => {
    const inner = rule(
      'event_count',
      '[deleted]',
      'timespan: 1h; group-by: [awsRegion]; condition: { gte: 3 }',
    ).replaceAll(/main/gi, 'inner');
    const outer = rule('event_count', '[inner]', 'timespan: 10m; condition: { gte: 2 }', schedule);
    const { query } = compiled(deleted, inner, outer);
    expect(pipe(query)[0]).toBe(
      'where _time >= floor(now() / 300) * 300 - 4800 AND _time < floor(now() / 300) * 300 - 300',
    );
    // awsRegion has one value: no event is in two inner groups.
    expect(query).not.toContain('siemc_event,');
    expect(query).not.toContain('dedup');
  });

  test('a bucket that ends with the period is told by its run', () => {
    const text = rule(
      'event_count',
      '[deleted]',
      'timespan: 5m; condition: { gte: 1 }',
      `${schedule}\n  approximate: { splunk: [window-tumbling] }`,
    );
    const all = compiled(deleted, text);
    const told = [5, 10, 15, 20].map(
      (minutes) =>
        found(all, [record(0, 'DeregisterImage')], {
          now: Date.UTC(2026, 0, 15, 12, minutes),
        }).rows.length,
    );
    expect(told).toEqual([0, 1, 0, 0]);
  });

  const problem = (minutes: number): string | undefined =>
    splunk.scheduleProblem?.({ every: minutes * 60_000, delay: 0, lookback: 0 });

  test.each([1, 5, 15, 30, 60, 120, 720, 1440, 10_080])('cron runs every %s minutes', (every) => {
    expect(problem(every)).toBeUndefined();
  });

  test.each([0.5, 7, 45, 90, 300, 2880])('and not every %s', (every) => {
    expect(problem(every)).toMatch(/^Splunk runs searches by cron/);
  });

  test('an event is told once, however late it comes or the run starts', () => {
    const text = `${deleted}siemc:\n  schedule: { every: 5m, delay: 10m }\n`;
    const { plan, query, result } = compiled(text);
    const records = Array.from({ length: 40 }, (_, i) => record(i * 37, 'DeregisterImage'));
    const [mapping] = result.mappings;
    if (mapping === undefined) throw new Error('no mapping');
    const context = { source: sourcesOf(plan)[0], mapping, variant: 'raw' };
    const late = records.map((_, i) => ((i * 7919) % 600) * 1000 + (i % 3));
    const stored = storeRecords(splunk, [context], records, late);
    const run = splunk.prepare(query);
    const hits = runPlan(run, splunk, plan, stored).map(({ event }) => event ?? -1);
    expect(hits.toSorted((a, b) => a - b)).toEqual(records.map((_, i) => i));
    const start = Date.UTC(2026, 0, 15, 12);
    const jitter = [0, 299, 12, 150];
    const told = Array.from(
      { length: 12 },
      (_, i) => start + (i * 300 + (jitter[i % 4] ?? 0)) * 1000,
    );
    const seen = told.flatMap(
      (now) =>
        run(
          stored.map(({ event }) => event),
          { now },
        ).hits,
    );
    expect(seen.map(Number).toSorted((a, b) => a - b)).toEqual(records.map((_, i) => i));
  });
});
