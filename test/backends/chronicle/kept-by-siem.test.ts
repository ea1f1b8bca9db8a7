import { describe, expect, test } from 'vitest';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { type Compiled, compile, plan, read } from '../../../src/compile.ts';
import { type Catalog, shippedCatalog } from '../../../src/plan/catalog.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { ruleSet } from '../../../src/rule/rule-set.ts';
import { findDivergence, type RawRecord } from '../../support/meaning.ts';
import { sigma } from './support.ts';

const lists = [
  { name: 'people', kind: 'string', entries: ['ana', 'Böb', '1234'], inline: false },
  { name: 'tools', kind: 'regex', entries: ['^aws-', 'x*$'], inline: false },
  { name: 'offices', kind: 'cidr', entries: ['10.0.0.0/8', '2001:db8::/32'], inline: false },
] as const;
const catalog: Catalog = {
  ...shippedCatalog(),
  lists: new Map(lists.map((list) => [list.name, list])),
};

/** The last plan of a text, and what becomes of it. */
function compiled(text: string): { readonly made: Plan; readonly result: Compiled } {
  const file = { path: 'rule.yml', text };
  const told: string[] = [];
  const report = ({ message }: { readonly message: string }): void => void told.push(message);
  const rules = read(file, report);
  const set = ruleSet(rules);
  const [made] = rules
    .flatMap((rule) => (rule.kind === 'filter' ? [] : [plan(rule, report, set, catalog)]))
    .slice(-1);
  if (made === undefined) throw new Error(told.join(' '));
  return { made, result: compile(made, file, chronicle) };
}

const values = {
  'userIdentity.userName': ['ANA', 'bÖB', 'bob', 'ana ', undefined],
  userAgent: ['aws-cli', 'x', 'a\nb', 'ana', undefined],
  sourceIPAddress: ['10.1.2.3', '192.0.2.1', '2001:db8::1', 'ana', undefined],
  eventTime: [
    '2026-01-05T07:00:00Z',
    '2026-01-04T23:59:59Z',
    '2024-12-30T16:59:59Z',
    '2026-07-01T17:00:00Z',
  ],
} as const;

const records: readonly RawRecord[] = Array.from({ length: 120 }, (_, at) => {
  const pick = <Value>(of: readonly Value[], by: number): Value | undefined =>
    of[Math.floor(at / by) % of.length];
  return {
    eventID: String(at),
    eventName: at % 2 === 0 ? 'CreateImage' : 'ANA',
    userIdentity: {
      userName: pick(values['userIdentity.userName'], 1),
      accountId: pick(['1234', '5'], 3),
    },
    userAgent: pick(values.userAgent, 5),
    sourceIPAddress: pick(values.sourceIPAddress, 2),
    eventTime: pick(values.eventTime, 7),
  };
});

describe('rules mean the same as queries', () => {
  test.for<[string]>([
    ["userIdentity.userName|expand: '%people%'"],
    ["sourceIPAddress|expand: '%people%'"],
    ["userIdentity.accountId|expand: '%people%'"],
    ["userAgent|re|expand: '%tools%'"],
    ["sourceIPAddress|cidr|expand: '%offices%'"],
    ['eventTime|hour: 7'],
    ['eventTime|week: 1'],
    ['eventTime|day|gte: 4'],
    ['eventTime|month: [1, 12]'],
    ['eventTime|year|lt: 2026'],
    ["eventTime|within: { days: mon-fri, from: '07:00', to: '17:00' }"],
    ["eventTime|within: { from: '23:30', to: '07:15', utcOffset: '-05:30' }"],
    ['eventName|fieldref: userIdentity.userName'],
    ['userIdentity.userName|fieldref|startswith: eventName'],
    ['userAgent|fieldref|cased: sourceIPAddress'],
  ])('%s', ([item]) => {
    for (const condition of ['sel', 'not sel', 'create or not sel']) {
      const text = sigma(
        `sel:\n  ${item}\ncreate: { eventName: Create* }\ncondition: ${condition}`,
      );
      const { made, result } = compiled(text);
      expect(result.query, result.diagnostics.map(({ message }) => message).join()).toBeDefined();
      expect(findDivergence(chronicle, made, result, records)).toBeUndefined();
    }
  });
});

describe('in correlations', () => {
  const rule = (name: string, item: string): string =>
    `${sigma(`sel:\n  ${item}\ncondition: sel`).replace('A rule', name)}name: ${name}\n`;
  const both = (type: string, first: string, second: string, rest: string): string =>
    [
      rule('one', first),
      rule('two', second),
      `title: Both\nname: both\ncorrelation:\n  type: ${type}\n  rules: [one, two]\n  timespan: 10m\n  group-by: [eventSource]\n${rest}`,
    ].join('---\n');
  const grouped = records.map((record) => ({ ...record, eventSource: 's' }));

  test.for<[string, string, string, string]>([
    ['temporal', "userAgent|re|expand: '%tools%'", 'eventTime|hour: 7', ''],
    [
      'temporal',
      "userIdentity.userName|expand: '%people%'",
      'eventTime|minute|gte: 1',
      '  condition: one and not two\n',
    ],
    [
      'event_count',
      "userIdentity.userName|expand: '%people%'",
      'eventName|fieldref: userIdentity.userName',
      '  condition: { gte: 2 }\n',
    ],
  ])('%s', ([type, first, second, rest]) => {
    const { made, result } = compiled(both(type, first, second, rest));
    expect(result.query, result.diagnostics.map(({ message }) => message).join()).toBeDefined();
    expect(findDivergence(chronicle, made, result, grouped)).toBeUndefined();
  });

  test('each event variable asks the lists again', () => {
    const networks = "sourceIPAddress|cidr|expand: '%offices%'";
    const names = 'eventName: CreateImage';
    const ask = (first: string): readonly string[] =>
      compiled(
        both('event_count', first, names, '  condition: { gte: 2 }\n'),
      ).result.diagnostics.map(({ code }) => code);
    expect(ask(networks)).toEqual([]);
    const texts = ['userIdentity.userName', 'userAgent', 'eventName'].map(
      (field) => `${field}|re|expand: '%tools%'`,
    );
    expect(ask(texts.join('\n  '))).toEqual(['chronicle/too-many-lists']);
  });
});
