import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { toCanonical } from '../../src/logsource/forms.ts';
import { baselinesOf } from '../../src/plan/baselines.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import { surveyBaseline, surveyHealth } from '../../src/survey.ts';
import { backends } from '../support/backends.ts';
import { findDivergence, readingsOf, showDivergence } from '../support/meaning.ts';
import { readPlans } from '../support/read-plan.ts';
import { baselineOf, byEntry, healthOf, runSurvey } from '../support/surveys.ts';

const source = shippedLogSources().find(({ name }) => name === 'vmware/vcenter');
if (source === undefined) throw new Error('There is no vmware/vcenter.');

const event = (
  [minute, chain]: readonly [number, number],
  name: string,
  user: string,
  message: string,
  end = '',
): string => {
  const time = `2026-11-20T10:${String(minute).padStart(2, '0')}:00.250Z`;
  return `<14>1 ${time} vc01 vpxd 7 - - Event [${chain}] [1-1] [${time}] [vim.event.${name}] [info] [${user}] [DC One] [${chain}] [${message}${end}`;
};
const raw: readonly unknown[] = [
  event(
    [0, 11],
    'VmRemovedEvent',
    'VSPHERE.LOCAL\\ana',
    'Removed golden on esx01 from DC One',
    ']',
  ),
  event([1, 12], 'VmRemovedEvent', '', 'Removed golden [old] on host esx02 from DC One', ']\n'),
  event([2, 13], 'TaskEvent', 'VSPHERE.LOCAL\\ana', 'Task: Export OVF template', ']'),
  event([3, 14], 'VmCreatedEvent', 'ben', 'Created virtual machine golden on esx01 in DC One', ''),
  event([4, 15], 'VmClonedEvent', 'ben', 'Clone of golden completed', ']'),
  event([5, 16], 'VmDeployedEvent', 'ben', 'Template golden deployed on host esx01', ']'),
  event([6, 17], 'VmRemovedEvent', 'ben', '', ']'),
  event(
    [7, 18],
    'VmReconfiguredEvent',
    'ana',
    'Reconfigured golden on esx01 in DC One.\nTwo: lines',
    ']',
  ),
  {
    eventClass: 'VmRemovedEvent',
    CreatedTime: '2026-11-20T10:08:00Z',
    ChainId: 19,
    Key: 19,
    UserName: 'ana',
    Vm: { Name: 'golden' },
    FullFormattedMessage: 'Removed golden on esx01 from DC One',
  },
  {
    specversion: '1.0',
    type: 'com.vmware.vsphere.VmRemovedEvent.v0',
    data: {
      CreatedTime: '2026-11-20T10:09:00Z',
      ChainId: 20,
      UserName: '',
      FullFormattedMessage: 'Removed silver on esx01 from DC One',
    },
  },
];
const records = raw.map((one) => toCanonical(one, source) ?? {});

const head = 'title: Test\nname: one\nlogsource: { product: vmware, service: vcenter }\n';
const removed = `${head}detection: { s: { eventClass: VmRemovedEvent }, condition: s }\n`;
const correlated = (type: string, condition: string, more = ''): string => `${removed}---
title: Other
name: two
logsource: { product: vmware, service: vcenter }
detection: { s: { eventClass: [TaskEvent, VmCreatedEvent] }, condition: s }
---
title: Together
correlation:
  type: ${type}
  rules: [one, two]
  group-by: [UserName]
  timespan: 10m
  ${condition}
${more}`;
const schedule =
  'siemc: { schedule: { every: 5m, delay: 10m }, entities: { account: UserName } }\n';

const rules: Readonly<Record<string, readonly [rule: string, hits: number]>> = {
  'a class': [removed, 5],
  'the name of a machine': [`${head}detection: { s: { Vm.Name: GOLDEN }, condition: s }\n`, 4],
  'a name with brackets': [
    `${head}detection: { s: { 'Vm.Name|re': 'old\\]$' }, condition: s }\n`,
    1,
  ],
  'other names': [
    `${head}detection: { s: { SourceVm.Name: golden }, t: { SrcTemplate.Name: golden }, condition: s or t }\n`,
    2,
  ],
  'no user': [
    `${head}detection: { s: { eventClass: VmRemovedEvent }, u: { UserName: ana }, condition: s and not u }\n`,
    4,
  ],
  'a message': [
    `${head}detection: { s: { FullFormattedMessage|startswith: 'Task: Export OVF' }, condition: s }\n`,
    1,
  ],
  'lines that end otherwise': [
    `${head}detection: { s: { FullFormattedMessage|endswith: [' in DC One', 'Two: lines'] }, condition: s }\n`,
    2,
  ],
  'a number and a place': [
    `${head}detection: { s: { ChainId|gte: 13, Datacenter.Name: dc one }, condition: s }\n`,
    6,
  ],
  'a time': [`${head}detection: { s: { CreatedTime|minute: 3 }, condition: s }\n`, 1],
  'what is new': [
    `${removed}siemc: { schedule: { every: 5m, delay: 10m }, details: { vm: Vm.Name } }\n`,
    5,
  ],
  'several in ten minutes': [correlated('event_count', 'condition: { gte: 2 }'), 2],
  'several machines': [
    correlated('value_count', 'condition: { field: ChainId, gte: 2 }', schedule),
    2,
  ],
  'one after the other': [
    correlated('temporal_ordered', 'condition: { gte: 1 }').replace(
      '  condition: { gte: 1 }\n',
      '',
    ),
    1,
  ],
};

describe.for(backends.filter(({ id }) => id !== 'chronicle'))('$id', (backend) => {
  test.for(Object.entries(rules))('%s', ([, [rule, hits]]) => {
    const { file, plans, diagnostics } = readPlans(rule);
    const plan = plans.at(-1);
    if (plan === undefined) throw new Error(JSON.stringify(diagnostics.map((one) => one.message)));
    expect(evaluate(plan, records)).toHaveLength(hits);
    const compiled = compile(plan, file, backend);
    expect(compiled.diagnostics.map(({ code, message }) => [code, message])).toEqual([]);
    const readings = readingsOf(backend, compiled.switches);
    const found = findDivergence(backend, plan, compiled, records, readings);
    expect(
      found && showDivergence(backend, rule, compiled.query ?? '', records, found),
    ).toBeUndefined();
    expect(backend.format(compiled.query ?? '')).toBe(compiled.query);
  });
});

describe.for(backends.filter(({ id }) => id !== 'chronicle'))('surveys on $id', (backend) => {
  const hour = 3_600_000;
  const now = Date.parse('2026-11-20T12:00:00Z');

  test('health counts what lines and JSON tell', () => {
    const { query = '' } = surveyHealth(source, backend, 24 * hour) ?? {};
    expect(backend.format(query)).toBe(query);
    const expected = healthOf(source, records, now - 24 * hour);
    expect(expected).toMatchObject({ identity: 8, account: 8, action: 10 });
    for (const { about, rows } of runSurvey(backend, source, query, records, now))
      expect(rows, about).toEqual([expected]);
  });

  test('a baseline lists who removes machines', () => {
    const { file, plans } = readPlans(
      `${head}detection:\n  s: { eventClass: VmRemovedEvent }\n  usual: { UserName|expand: '%one%' }\n  condition: s and not usual\n`,
    );
    const [baseline] = plans.flatMap((plan) => (plan.kind === 'event' ? baselinesOf(plan) : []));
    if (baseline === undefined) throw new Error('no baseline');
    const { query = '', diagnostics } = surveyBaseline(baseline, file, backend) ?? {};
    expect(diagnostics).toEqual([]);
    const expected = baselineOf(baseline, records, 0, 1);
    expect(expected.length).toBeGreaterThan(1);
    for (const { about, rows } of runSurvey(backend, source, query, records, now))
      expect([...rows].sort(byEntry), about).toEqual(expected);
  });
});

test('keywords search lines on Splunk, and are refused where lines stand beside other columns', () => {
  const rule = `${head}detection: { keywords: ['[vim.event.VmRemovedEvent]', 'Export OVF'], condition: keywords }\n`;
  const { file, plans } = readPlans(rule);
  const [plan] = plans;
  if (plan === undefined) throw new Error('no plan');
  for (const backend of backends) {
    const compiled = compile(plan, file, backend);
    if (backend.id !== 'splunk') {
      expect(compiled.status).toBe('refused');
      continue;
    }
    expect(findDivergence(backend, plan, compiled, records)).toBeUndefined();
    expect(evaluate(plan, records)).toHaveLength(4);
  }
});

test('what lines lack is refused on Sentinel and read from JSON on Splunk', () => {
  const { file, plans } = readPlans(`${head}detection: { s: { Template: true }, condition: s }\n`);
  const [plan] = plans;
  if (plan === undefined) throw new Error('no plan');
  const results = backends.map((backend) => [backend.id, compile(plan, file, backend).status]);
  expect(results).toEqual([
    ['splunk', 'ok'],
    ['sentinel', 'refused'],
    ['chronicle', 'refused'],
  ]);
});
