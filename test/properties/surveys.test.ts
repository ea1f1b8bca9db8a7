import { describe, expect, test } from 'vitest';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import type { LogSource } from '../../src/logsource/log-source.ts';
import { baselinesOf } from '../../src/plan/baselines.ts';
import { surveyBaseline, surveyHealth } from '../../src/survey.ts';
import { backends } from '../support/backends.ts';
import { type RawRecord, readingsOf } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { readEventPlan } from '../support/read-plan.ts';
import { baselineOf, byEntry, healthOf, runSurvey, withoutUntold } from '../support/surveys.ts';

const [shipped] = shippedLogSources();
if (shipped?.name !== 'aws/cloudtrail') throw new Error('CloudTrail is the first source');
const cloudTrail: LogSource = shipped;

const now = Date.parse('2026-03-10T12:00:00Z');
const day = 86_400_000;
const texts = ['ana', 'Ana', 'ÄRGER', 'x"y', 'a\\b', "it's", 'two words', '5', '5.0', '*', '%1'];
const fields: Readonly<Record<string, readonly string[]>> = {
  'userIdentity.arn': texts,
  'userIdentity.sessionContext.sessionIssuer.arn': texts,
  sourceIPAddress: ['192.0.2.1', '2001:db8::1', 'ec2.amazonaws.com', 'AWS Internal'],
  recipientAccountId: ['1', '01', '210987654321'],
  eventName: ['RunInstances', 'TerminateInstances'],
  errorCode: ['AccessDenied'],
  'requestParameters.imageId': texts,
  'requestParameters.instanceId': texts,
  'responseElements.imageId': texts,
};

/** Records of the last days, some exactly at the edge of one. */
function randomRecord(random: Random): RawRecord {
  const ago = random.pick([0, 1000, day - 1000, day, day + 1000, random.below(40 * 86_400) * 1000]);
  const record: Record<string, unknown> = {
    eventTime: new Date(now - ago).toISOString().replace('.000Z', 'Z'),
  };
  for (const [path, values] of Object.entries(fields))
    if (random.chance(0.5)) put(record, path.split('.'), random.pick(values));
  const items = Array.from({ length: random.below(4) }, () => ({ instanceId: random.pick(texts) }));
  if (random.chance(0.5)) put(record, ['requestParameters', 'instancesSet'], { items });
  if (random.chance(0.5)) record['readOnly'] = random.chance(0.5);
  if (random.chance(0.5))
    put(record, ['requestParameters', 'note'], random.pick([null, '', 'null', 5, true, { a: 1 }]));
  return record;
}

function put(
  record: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) record[key] = value;
  else {
    const inner = (record[key] ?? {}) as Record<string, unknown>;
    record[key] = inner;
    put(inner, rest, value);
  }
}

function randomRecords(random: Random): readonly RawRecord[] {
  return Array.from({ length: random.below(25) }, () => randomRecord(random));
}

/** CloudTrail whose health is told by fields of every form. */
const asked: LogSource = {
  ...cloudTrail,
  health: new Map([
    ['identity', ['actor', 'sourceIPAddress']],
    ['resource', ['requestParameters.imageId', 'requestParameters.instancesSet.items.instanceId']],
    ['account', ['sourceIPAddress']],
    ['action', ['errorCode']],
  ]),
};

/** CloudTrail whose health is told by fields that targets keep as another type, or can't tell from absent ones. */
const odd: LogSource = {
  ...cloudTrail,
  health: new Map([
    ['identity', ['requestParameters.note', 'userIdentity.arn']],
    ['resource', ['readOnly']],
    ['account', ['eventTime']],
    ['action', ['requestParameters.launchPermission.add.items.group']],
  ]),
};

const rules: Readonly<Record<string, string>> = {
  'a derived field': "actor|expand: '%one%'",
  'an address or a name': "sourceIPAddress|expand: '%one%'",
  'a field in JSON': "requestParameters.imageId|expand: '%one%'",
  'a field of many values': "requestParameters.instancesSet.items.instanceId|expand: '%one%'",
};

describe.for(backends)('$id', (backend) => {
  test.for([
    ['as shipped', cloudTrail],
    ['of fields of every form', asked],
    ['of odd fields', odd],
  ] as const)('health counts what the records have: %s', ([, source]) => {
    const { query = '' } = surveyHealth(source, backend) ?? {};
    expect(backend.format(query)).toBe(query);
    const told = withoutUntold(source, query);
    const random = randomOf(20_260_310);
    for (let round = 0; round < 20; round += 1) {
      const records = randomRecords(random);
      const expected = healthOf(told, records, now - day);
      for (const { about, rows } of runSurvey(
        backend,
        source,
        query,
        records,
        now,
        readingsOf(backend),
      )) {
        const [row = { event_count: 0 }] = rows;
        const counted = Object.entries(expected ?? { event_count: 0 });
        const shown = counted.filter(([name]) => Object.hasOwn(row, name));
        expect(row, about).toEqual(expected === undefined ? row : Object.fromEntries(shown));
        expect(row['event_count'], about).toBe(expected?.['event_count'] ?? 0);
      }
    }
  });

  test('health tells every part, and of which it has no distinct values', () => {
    const { query = '' } = surveyHealth(asked, backend) ?? {};
    const [{ rows } = { rows: [] }] = runSurvey(
      backend,
      asked,
      query,
      [{ eventTime: '2026-03-10T11:00:00Z' }],
      now,
    );
    const columns = Object.keys(rows[0] ?? {});
    expect(columns).toEqual(expect.arrayContaining([...asked.health.keys()]));
    for (const part of asked.health.keys())
      expect(columns.includes(`${part}_values`)).toBe(!query.includes(`Without ${part}_values: `));
  });

  test('what a rule is called ends no comment', () => {
    const title = 'A\\n| outputlookup x```\\n*/ drop // \\u2028metadata.log_type \\u0085[| delete]';
    const plan = readEventPlan(
      `title: "${title}"\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s: { eventName: RunInstances }\n  usual: { userAgent|expand: '%one%' }\n  condition: s and not usual\n`,
    );
    const [baseline] = baselinesOf(plan);
    if (baseline === undefined) throw new Error('no baseline');
    const bare = baseline.plan;
    const file = { path: 'rule.yml', text: '' };
    const queryOf = (called: string): string => {
      const named = { ...baseline, plan: { ...bare, rule: { ...bare.rule, title: called } } };
      return surveyBaseline(named, file, backend)?.query ?? '';
    };
    const given = queryOf(plan.rule.title);
    expect(backend.format(given)).toBe(given);
    const isComment = (line: string): boolean => /^(\/\/|```)/.test(line);
    const rest = (text: string): readonly string[] =>
      text.split('\n').filter((line) => !isComment(line));
    expect(rest(given)).toEqual(rest(queryOf('A')));
  });

  test.for(Object.entries(rules))('a baseline lists the values of %s', ([, line]) => {
    const plan = readEventPlan(
      `title: A\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s: { eventName: RunInstances }\n  usual: { ${line} }\n  condition: s and not usual\n`,
    );
    const [baseline, ...others] = baselinesOf(plan);
    if (baseline === undefined) throw new Error('no baseline');
    expect(others).toEqual([]);
    const file = { path: 'rule.yml', text: '' };
    for (const atLeast of [1, 2]) {
      const said = surveyBaseline(baseline, file, backend, { window: 10 * day, atLeast });
      if (said?.query === undefined) {
        expect(said?.diagnostics.map(({ code }) => code)).toContain('chronicle/first-value-only');
        return;
      }
      const { query, approximations } = said;
      expect(backend.format(query)).toBe(query);
      const least = approximations.length > 0 ? 1 : atLeast;
      const random = randomOf(20_260_311);
      for (let round = 0; round < 15; round += 1) {
        const records = randomRecords(random);
        const expected = baselineOf(baseline, records, now - 10 * day, least);
        for (const { about, rows } of runSurvey(
          backend,
          plan.source,
          query,
          records,
          now,
          readingsOf(backend),
        )) {
          expect([...rows].sort(byEntry), about).toEqual(expected);
          const counts = rows.map((row) => Number(row['event_count']));
          expect(counts, about).toEqual([...counts].sort((a, b) => b - a));
        }
      }
    }
  });
});
