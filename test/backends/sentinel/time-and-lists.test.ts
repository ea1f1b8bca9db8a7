import { describe, expect, test } from 'vitest';
import { sentinel } from '../../../backends/sentinel/index.ts';
import { compile } from '../../../src/compile.ts';
import { partOf, type TimePart } from '../../../src/match/time.ts';
import { testCatalog } from '../../support/catalog.ts';
import { readPlans } from '../../support/read-plan.ts';
import { hits, problemOf, queryOf, rowsOf, ruleOf, value } from './support.ts';

const newest = 'sigma-version: 3';

describe('times', () => {
  test.for([
    ['eventTime|minute: [0, 1, 2, 30]', 'datetime_part("minute", TimeGenerated)', '<= 2'],
    ['eventTime|hour: [3, 7]', 'hourofday(TimeGenerated)', 'in (3, 7)'],
    ['eventTime|day: 31', 'dayofmonth(TimeGenerated)', '== 31'],
    ['eventTime|week|gte: 50', 'week_of_year(TimeGenerated)', '>= 50'],
    ['eventTime|month: [6, 7, 8]', 'monthofyear(TimeGenerated)', 'between (6 .. 8)'],
    ['eventTime|year: 2026', 'getyear(TimeGenerated)', '== 2026'],
  ] as const)('%s', ([selection, part, range]) => {
    expect(queryOf(ruleOf(selection))).toContain(`| where ${part} ${range}`);
  });

  test('a range below "not" is turned around', () => {
    expect(queryOf(ruleOf('eventTime|month: [6, 7, 8]', 'not sel'))).toBe(
      '| where monthofyear(TimeGenerated) !between (6 .. 8)',
    );
  });

  test('a change window by the days that share their hours', () => {
    const rule = ruleOf('eventTime|within: { days: mon-fri, from: "07:00", to: "17:30" }');
    expect(queryOf(rule)).toBe(
      `// Times of the week in UTC: Mon-Fri 07:00-17:30. The day of the week is 0d on Sunday.
AWSCloudTrail
| where dayofweek(TimeGenerated) between (1d .. 5d)
    and TimeGenerated - startofday(TimeGenerated) >= 7h
    and TimeGenerated - startofday(TimeGenerated) < make_timespan(17, 30)`,
    );
  });

  test('a window over midnight, and whole days', () => {
    const night = queryOf(
      ruleOf('eventTime|within: { days: mon-fri, from: "22:00", to: "06:00" }'),
    );
    expect(night).toContain(
      '// Times of the week in UTC: Mon 22:00-24:00; Tue-Fri 00:00-06:00 and 22:00-24:00; Sat 00:00-06:00.',
    );
    expect(night).toContain(`or (dayofweek(TimeGenerated) between (2d .. 5d)
        and (TimeGenerated - startofday(TimeGenerated) < 6h
            or TimeGenerated - startofday(TimeGenerated) >= 22h))`);
    expect(queryOf(ruleOf('eventTime|within: { days: [sat, sun] }'))).toContain(
      '| where dayofweek(TimeGenerated) in (6d, 0d)',
    );
  });

  test('the borders of a window', () => {
    const rule = ruleOf('eventTime|within: { days: mon, from: "07:00", to: "17:00" }');
    const at = (eventTime: string): boolean => hits(rule, { eventTime });
    // The 5th of January 2026 is a Monday.
    expect(at('2026-01-05T06:59:59.999Z')).toBe(false);
    expect(at('2026-01-05T07:00:00Z')).toBe(true);
    expect(at('2026-01-05T16:59:59.999Z')).toBe(true);
    expect(at('2026-01-05T17:00:00Z')).toBe(false);
    expect(at('2026-01-06T07:00:00Z')).toBe(false);
  });

  test.for([
    ['minute', 'datetime_part("minute", t)'],
    ['hour', 'hourofday(t)'],
    ['day', 'dayofmonth(t)'],
    ['week', 'week_of_year(t)'],
    ['month', 'monthofyear(t)'],
    ['year', 'getyear(t)'],
  ] satisfies readonly (readonly [TimePart, string])[])('%s is that of the rule', ([part, of]) => {
    const times = Array.from({ length: 900 }, (_, i) => Date.UTC(2018, 11, 28) + i * 259_215_000);
    const rows = times.map((time) => `datetime(${new Date(time).toISOString()})`);
    const text = `datatable(t: datetime) [${rows.join(', ')}] | project n = ${of}`;
    expect(rowsOf(text)).toEqual(times.map((time) => [partOf(time, part)]));
  });
});

describe('watchlists', () => {
  const lists = [
    { name: 'builders', kind: 'string', entries: ['arn:Alpha', 'ÄRGER'] },
    { name: 'networks', kind: 'cidr', entries: ['10.0.0.0/8', '2001:db8::/32'] },
  ] as const;

  test('texts are compared in lower case, which in~ would fold for ASCII only', () => {
    expect(queryOf(ruleOf("userIdentity.arn|expand: '%builders%'"))).toBe(
      `let BuildersList = _GetWatchlist("builders")
    | project Value = tolower(SearchKey);
AWSCloudTrail
| where tolower(UserIdentityArn) in (BuildersList)`,
    );
    expect(queryOf(ruleOf("userIdentity.arn|expand: '%builders%'", 'not sel'))).toContain(
      '| where tolower(UserIdentityArn) !in (BuildersList)',
    );
  });

  test('networks of each version are an array', () => {
    expect(queryOf(ruleOf("sourceIPAddress|expand: '%networks%'"))).toBe(
      `let NetworksV4 = toscalar(
    _GetWatchlist("networks")
    | where SearchKey !contains ":"
    | summarize make_list(SearchKey)
);
let NetworksV6 = toscalar(
    _GetWatchlist("networks")
    | where SearchKey contains ":"
    | summarize make_list(SearchKey)
);
AWSCloudTrail
| where (array_length(NetworksV4) > 0
        and coalesce(ipv4_is_in_any_range(SourceIpAddress, NetworksV4), false))
    or (array_length(NetworksV6) > 0
        and SourceIpAddress contains ":"
        and coalesce(ipv6_is_in_any_range(SourceIpAddress, NetworksV6), false))`,
    );
  });

  test.for([
    ['2001:db8::/32', '10.1.2.3', '2001:db8::1'],
    ['10.0.0.0/8', '2001:db8::1', '10.1.2.3'],
    ['::/0', '10.1.2.3', '::ffff:10.1.2.3'],
  ] as const)('networks of one version only: %s', ([entry, outside, inside]) => {
    const only = [{ name: 'networks', kind: 'cidr', entries: [entry] }] as const;
    const rule = ruleOf("sourceIPAddress|expand: '%networks%'");
    const negated = ruleOf("sourceIPAddress|expand: '%networks%'", 'not sel');
    for (const reading of ['false', 'null']) {
      for (const mapped of ['null', 'mapped']) {
        const switches = { 'no-ranges': reading, 'ipv4-as-ipv6': mapped };
        for (const [sourceIPAddress, expected] of [
          [outside, false],
          [inside, true],
          ['ec2.amazonaws.com', false],
        ] as const) {
          const options = { lists: only, switches };
          expect(hits(rule, { sourceIPAddress }, options)).toBe(expected);
          expect(hits(negated, { sourceIPAddress }, options)).toBe(!expected);
        }
      }
    }
  });

  test.for(['as', '_x_', 'ab-', '0abc', 'über', 'a'.repeat(65)])(
    'no watchlist has the alias "%s"',
    (name) => {
      const entry = { name, kind: 'string', entries: ['x'], inline: false } as const;
      const catalog = { ...testCatalog, lists: new Map([[name, entry]]) };
      const rule = ruleOf(`userAgent|expand: '%${name}%'`);
      const { file, plans } = readPlans(rule, 'rule.yml', catalog);
      const { query, diagnostics } = compile(plans[0] ?? expect.fail('no plan'), file, sentinel);
      expect(query).toBeUndefined();
      const [first] = diagnostics;
      const { span } = first?.at ?? expect.fail('no diagnostic');
      expect(first?.code).toBe('sentinel/list-name');
      expect(rule.slice(span.start, span.end)).toBe(`'%${name}%'`);
      expect(first?.hint).toContain('3 to 64');
    },
  );

  test.for(['abc', 'A-_9', 'a'.repeat(64)])('"%s" is an alias', (name) => {
    const entry = { name, kind: 'cidr', entries: ['10.0.0.0/8'], inline: false } as const;
    const catalog = { ...testCatalog, lists: new Map([[name, entry]]) };
    const rule = ruleOf(`sourceIPAddress|expand: '%${name}%'`);
    const { file, plans } = readPlans(rule, 'rule.yml', catalog);
    const [plan] = plans;
    expect(plan && compile(plan, file, sentinel).query).toContain(`_GetWatchlist("${name}")`);
  });

  test('what is not declared as an address is held to its form', () => {
    expect(queryOf(ruleOf("requestParameters.cidr|expand: '%networks%'"))).toContain(
      'tostring(Request.cidr) matches regex',
    );
  });

  test('a list is defined once, in JSON, arrays and booleans, too', () => {
    const query = queryOf(
      ruleOf(`
- userIdentity.arn|expand: '%builders%'
- requestParameters.instancesSet.items.instanceId|expand: '%builders%'
- readOnly|expand: '%builders%'
- requestParameters.free|expand: '%builders%'`),
    );
    expect(query.match(/_GetWatchlist/g)).toHaveLength(1);
    expect(query).toContain('countif(tolower(tostring(Item.instanceId)) in (BuildersList))');
    expect(query).toContain('tolower(tostring(ReadOnly)) in (BuildersList)');
    expect(query).toContain(`(gettype(Request.free) !in ("dictionary", "array")
        and tolower(extract_json("$.free", RequestParameters)) in (BuildersList))`);
  });

  test('a name that an output has is no list', () => {
    const extra = 'siemc: { details: { BuildersList: eventName } }';
    expect(queryOf(ruleOf("userIdentity.arn|expand: '%builders%'", 'sel', extra))).toContain(
      'let BuildersList2 =',
    );
  });

  test('hits', () => {
    const rule = ruleOf(`
- userIdentity.arn|expand: '%builders%'
- sourceIPAddress|expand: '%networks%'`);
    const of = (record: Readonly<Record<string, unknown>>): boolean =>
      hits(rule, record, { lists });
    expect(of({ userIdentity: { arn: 'ARN:alpha' } })).toBe(true);
    expect(of({ userIdentity: { arn: 'ärger' } })).toBe(true);
    expect(of({ userIdentity: { arn: 'arn' } })).toBe(false);
    expect(of({ sourceIPAddress: '10.1.2.3' })).toBe(true);
    expect(of({ sourceIPAddress: '2001:DB8::1' })).toBe(true);
    expect(of({ sourceIPAddress: 'ec2.amazonaws.com' })).toBe(false);
    expect(of({})).toBe(false);
  });

  test('regular expressions stay in the query', () => {
    expect(queryOf(ruleOf("userAgent|expand: '%shapes%'"))).toBe('sentinel/list-kind');
  });

  test('all that is written of them can be run', () => {
    const texts = [
      "_GetWatchlist('builders') | project SearchKey",
      "let w = _GetWatchlist('builders'); w | project SearchKey",
      "let w = (_GetWatchlist('builders') | project SearchKey); w",
      "print x = 1 | extend y = 'arn:Alpha' | lookup kind=inner _GetWatchlist('builders') on $left.y == $right.SearchKey | project y",
      "print y = 'arn:Alpha' | where y in ((_GetWatchlist('builders') | project SearchKey))",
    ];
    const found = texts.map((text) => rowsOf(text, { lists }).length);
    expect(found).toEqual([2, 2, 2, 1, 1]);
    for (const text of texts)
      expect(sentinel.format(sentinel.format(text))).toBe(sentinel.format(text));
  });

  test('one that is not there', () => {
    expect(() => rowsOf("_GetWatchlist('other')", { lists })).toThrow(
      'There is no watchlist "other" among "builders", "networks"',
    );
    expect(problemOf("_GetWatchlist('other')")).toContain('There is no watchlist "other"');
  });

  test('addresses in any of several networks', () => {
    expect(
      value('ipv4_is_in_any_range("10.1.2.3", dynamic(["192.168.0.0/16", "10.0.0.0/8"]))'),
    ).toBe(true);
    const ofNone = 'ipv4_is_in_any_range("10.1.2.3", dynamic([]))';
    expect(value(ofNone)).toBe(false);
    expect(value(ofNone, { switches: { 'no-ranges': 'null' } })).toBe(null);
    expect(sentinel.prepare(`print x = ${ofNone}`)([], {}).assumptions).toHaveLength(1);
    expect(value('ipv6_is_in_any_range("10.1.2.3", dynamic(["2001:db8::/32"]))')).toBe(null);
  });
});

/** The query of a correlation over two rules, each of which leaves out some times of the week. */
function correlated(rules: string, more = '', window = 'days: [sat, sun]'): string {
  const { plans, file, diagnostics } = readPlans(`title: One
name: one
${newest}
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventName: RunInstances, userIdentity.arn|expand: '%builders%' }
  win: { eventTime|within: { days: [sat, sun] } }
  condition: sel and not win
---
title: Two
name: two
${newest}
logsource: { product: aws, service: cloudtrail }
detection:
  sel: { eventName: StopInstances }
  win: { eventTime|within: { ${window} } }
  condition: sel and win
---
title: Inner
name: inner
correlation:
  type: event_count
  rules: one
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: { gte: 1 }
---
title: Main
correlation:
  type: event_count
  rules: ${rules}
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: { gte: 2 }
${more}`);
  const plan = plans.find(({ rule }) => rule.title === 'Main');
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const compiled = compile(plan, file, sentinel);
  return compiled.query ?? compiled.diagnostics.map(({ message }) => message).join('\n');
}

test('a correlation defines lists first', () => {
  const query = correlated('one');
  expect(query).toMatch(/^let BuildersList = _GetWatchlist\("builders"\)/);
  expect(query).toContain('| where tolower(UserIdentityArn) in (BuildersList)');
});

describe('times of the week are said above the definition that asks for them', () => {
  const sunday = 'The day of the week is 0d on Sunday.';

  test('of one rule', () => {
    expect(correlated('one')).toContain(`// What one found, by userIdentity.arn.
// Times of the week in UTC: Sat, Sun. ${sunday}
let Found =`);
  });

  test('of several rules, each with its name', () => {
    const query = correlated('[one, two]', '', 'days: mon, from: "07:00", to: "17:30"');
    expect(query).toContain(`// What one, two found, by userIdentity.arn.
// Times of the week in UTC, one: Sat, Sun.
// Times of the week in UTC, two: Mon 07:00-17:30. ${sunday}
let Found =`);
    expect(query.match(/Times of the week/g)).toHaveLength(2);
  });

  test('of several rules that ask for the same', () => {
    const query = correlated('[one, two]');
    expect(query).toContain(`// Times of the week in UTC, one, two: Sat, Sun. ${sunday}
let Found =`);
  });

  test('of a correlation in another', () => {
    expect(correlated('inner')).toContain(`// Times of the week in UTC: Sat, Sun. ${sunday}
let `);
    expect(correlated('inner').match(/Times of the week/g)).toHaveLength(1);
    const numbered = correlated('[inner, two]');
    expect(numbered).toContain(`// The records of all rules, numbered to tell them apart.
// Times of the week in UTC, one, two: Sat, Sun. ${sunday}
let Records =`);
    expect(numbered).toContain(`// What one found, by userIdentity.arn.
// Times of the week in UTC: Sat, Sun. ${sunday}
let Events =`);
    expect(numbered).toContain(`// Times of the week in UTC: Sat, Sun. ${sunday}
let Found =`);
  });

  test('of buckets, which are no definition', () => {
    const more = 'siemc: { approximate: { sentinel: [window-tumbling] } }';
    expect(correlated('one', more)).toContain(`// Times of the week in UTC: Sat, Sun. ${sunday}
AWSCloudTrail`);
  });
});

test('two times of the week in one rule', () => {
  const rule = ruleOf(`
- eventTime|within: { days: sun }
- eventTime|within: { days: mon-fri, from: "07:00", to: "17:30" }
  eventName: X`);
  expect(queryOf(rule)).toContain(`// Times of the week in UTC: Sun.
// Times of the week in UTC: Mon-Fri 07:00-17:30. The day of the week is 0d on Sunday.
`);
});
