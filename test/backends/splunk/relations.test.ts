import { describe, expect, test } from 'vitest';
import { splunk } from '../../../backends/splunk/index.ts';
import { compile } from '../../../src/compile.ts';
import { shippedCatalog } from '../../../src/plan/catalog.ts';
import { listsIn } from '../../../src/plan/fields-of.ts';
import { randomOf } from '../../support/random.ts';
import { readPlans } from '../../support/read-plan.ts';
import { bothHits, compileRule, conditions, rule } from './support.ts';

const version = 'sigma-version: 3\n';
const of = (selection: string): string => `a: { ${selection} }\ncondition: a`;

function check(selection: string, records: readonly Readonly<Record<string, unknown>>[]): void {
  for (const condition of ['a', 'not a', 'a or b', 'not (b or not a)']) {
    const detection = `a: { ${selection} }\nb: { eventName: other }\ncondition: ${condition}`;
    const { meant, found } = bothHits(rule(detection, version), records);
    for (const hits of found) expect(hits, `${selection}: ${condition}`).toEqual(meant);
  }
}

describe('two fields', () => {
  const texts = [
    'alpha',
    'ALPHA',
    'al',
    'ph',
    'ha',
    'x',
    '5',
    '5.0',
    '05',
    'Ärger',
    'ärg',
    'a.b',
    'a%b',
  ];
  const random = randomOf(3);
  const absentOr = (list: readonly string[]): string | undefined =>
    random.chance(0.1) ? undefined : random.pick(list);
  const draw = (): Readonly<Record<string, unknown>> => ({
    eventName: random.pick(['other', 'this']),
    userIdentity: { arn: absentOr(texts), userName: absentOr(texts) },
    recipientAccountId: absentOr(texts),
    resources: Array.from({ length: random.below(4) }, () => ({
      accountId: absentOr(texts),
      ARN: absentOr(texts),
    })),
    requestParameters: random.pick([
      { x: absentOr(texts), y: absentOr(texts) },
      { x: null, y: null },
      { x: null, y: 'n' },
      { x: 'nullable', y: null },
      { x: 5, y: 5 },
      null,
    ]),
  });
  const records = Array.from({ length: 300 }, draw);

  test.each([
    'userIdentity.arn|fieldref: userIdentity.userName',
    'userIdentity.arn|fieldref|cased: userIdentity.userName',
    'userIdentity.arn|fieldref|startswith: userIdentity.userName',
    'userIdentity.arn|fieldref|endswith: userIdentity.userName',
    'userIdentity.arn|fieldref|contains: userIdentity.userName',
    'userIdentity.arn|fieldref|contains|cased: userIdentity.userName',
    'requestParameters.x|fieldref: userIdentity.userName',
    'requestParameters.x|fieldref|contains: userIdentity.userName',
    'resources.ARN|fieldref: recipientAccountId',
    'resources.ARN|fieldref|startswith: recipientAccountId',
    'recipientAccountId|fieldref|endswith: resources.ARN',
    'resources.ARN|fieldref: resources.accountId',
    'userIdentity.arn|fieldref: errorCode',
  ])('%s', (selection) => {
    check(selection, records);
  });

  test('several values on both sides are folded one by one', () => {
    expect(conditions(of('resources.ARN|fieldref: resources.accountId'))).toBe(
      [
        '  "resources{}.ARN"=*',
        "| eval siemc_left=mvdedup(mvmap('resources{}.ARN', lower('resources{}.ARN')))",
        "| eval siemc_right=mvdedup(mvmap('resources{}.accountId', lower('resources{}.accountId')))",
        '| where isnotnull(siemc_left)',
        '    AND isnotnull(siemc_right)',
        '    AND mvcount(mvdedup(mvappend(siemc_left, siemc_right))) < mvcount(siemc_left) + mvcount(siemc_right)',
        '| fields - siemc_left, siemc_right',
      ].join('\n'),
    );
  });

  test('as texts, not as numbers', () => {
    expect(conditions(of('userIdentity.arn|fieldref|cased: eventName'))).toContain(
      `| where "=" . 'userIdentity.arn' == "=" . eventName`,
    );
  });

  test('patterns of several values on both sides are refused', () => {
    const { diagnostics } = compileRule(
      rule(of('resources.ARN|fieldref|contains: resources.accountId')),
    );
    expect(diagnostics.map(({ code }) => code)).toContain('splunk/pair-of-many');
  });
});

describe('lists', () => {
  const values = ['alpha', 'ALPHA', 'ärger', 'A*B', 'aXb', 'X"Y', 'other', 'c:\\temp\\'];
  const addresses = [
    '::ffff:10.1.2.3',
    '010.1.2.3',
    '10.1.2.3',
    '11.0.0.1',
    '2001:DB8::5',
    '2001:db9::',
    'AWS Internal',
    'ec2.amazonaws.com',
    '10.0.0.0',
  ];
  const random = randomOf(4);
  const absentOr = (list: readonly string[]): string | undefined =>
    random.chance(0.1) ? undefined : random.pick(list);
  const records = Array.from({ length: 200 }, () => ({
    eventName: random.pick(['other', 'this']),
    sourceIPAddress: absentOr(addresses),
    userAgent: absentOr([...values, '10.0.0.0/8', '192.0.2.7', '010.0.0.1']),
    errorCode: absentOr(values),
    requestParameters: random.pick([{ x: absentOr(values) }, { x: null }, {}]),
    ...(random.chance(0.3) && { siemc_in_builders: 'alpha', siemc_in_networks: '10.0.0.0/8' }),
    resources: Array.from({ length: random.below(3) }, () => ({
      ARN: absentOr([...values, ...addresses]),
    })),
  }));

  test.each([
    'userAgent|expand: "%builders%"',
    'errorCode|expand: "%builders%"',
    'requestParameters.x|expand: "%builders%"',
    'resources.ARN|expand: "%builders%"',
    'sourceIPAddress|expand: "%networks%"',
    'userAgent|expand: "%networks%"',
    'resources.ARN|expand: "%networks%"',
  ])('%s', (selection) => {
    check(selection, records);
  });

  test('a lookup, and that something came of it', () => {
    expect(conditions(of('userAgent|expand: "%builders%"'))).toBe(
      [
        '| eval siemc_in_builders=null()',
        '| lookup builders value as userAgent OUTPUT value as siemc_in_builders',
        '| where isnotnull(siemc_in_builders)',
        '| fields - siemc_in_builders',
      ].join('\n'),
    );
    expect(conditions('a: { userAgent|expand: "%builders%" }\ncondition: not a')).toContain(
      '| where isnull(siemc_in_builders)',
    );
  });

  test('what the SIEM may do differently is said', () => {
    const { assumptions, switches } = compileRule(rule(of('resources.ARN|expand: "%builders%"')));
    expect(assumptions).toContain(
      'The lookup definition "builders" has the column "value" and case_sensitive_match = false.',
    );
    expect(assumptions).toHaveLength(3);
    expect(switches).toEqual(['lookup-fold', 'lookup-multivalue']);
    const networks = compileRule(rule(of('userAgent|expand: "%networks%"')));
    expect(networks.assumptions).toContain(
      'The lookup definition "networks" has the column "value" and match_type = CIDR(value).',
    );
    expect(networks.switches).toEqual(['lookup-cidr-lenient']);
  });

  test('what an event has under the name of a helper column counts for nothing', () => {
    const { query = '', plan } = compileRule(rule(of('userAgent|expand: "%builders%"')));
    const event = { userAgent: 'nobody', siemc_in_builders: 'alpha' };
    const { hits } = splunk.prepare(query)([event], { lists: listsIn(plan) });
    expect(hits).toEqual([]);
  });

  test('no texts of networks get to a lookup, and that is short to say', () => {
    expect(conditions(of('userAgent|expand: "%networks%"'))).toContain(
      'match(userAgent, "^[0-9A-Fa-f:.]+\\\\z")',
    );
  });

  test.each(['my.builders', 'Default'])(
    'the name "%s" that no lookup can have is refused',
    (name) => {
      const named = rule(of(`userAgent|expand: "%${name}%"`));
      const list = { name, kind: 'string', entries: ['a'], inline: false } as const;
      const catalog = { ...shippedCatalog(), lists: new Map([[list.name, list]]) };
      const { file, plans } = readPlans(named, 'rule.yml', catalog);
      const [plan] = plans;
      if (plan === undefined) throw new Error('no plan');
      expect(compile(plan, file, splunk).diagnostics.map(({ code }) => code)).toEqual([
        'splunk/list-name',
      ]);
    },
  );

  test('one lookup for two tests of the same', () => {
    const { query = '' } = compileRule(
      rule(
        'a: { userAgent|expand: "%builders%", eventName: x }\nb: { userAgent|expand: "%builders%", eventName: y }\ncondition: a or b',
      ),
    );
    expect(query.match(/\| lookup/g)).toHaveLength(1);
  });
});
