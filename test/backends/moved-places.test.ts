import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { mappingsOf } from '../../src/fields/mappings.ts';
import { load } from '../library/own/load.ts';
import { rulesOver } from '../properties/arbitraries.ts';
import { drawEvents } from '../properties/events.ts';
import { printRule } from '../properties/rule-model.ts';
import { findDivergence, showDivergence } from '../support/meaning.ts';
import { readPlans } from '../support/read-plan.ts';

const basis = 'evidence: assumed, basis: test';
const { catalog, backends, told } = await load({
  'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\n',
  's.yml': `name: a/b
title: Log
match: { product: a }
time: when
raw: json
never: [empty, 'null', zero, 'false']
fields:
  when: {}
  payload.action: {}
  payload.caller: { type: address }
  payload.count: { type: number }
  payload.ok: { type: boolean }
  payload.grants.name: {}
  payload.grants.granted: { type: boolean }
  kind: {}
open: [payload.request]
arrays: [payload.grants, 'payload.request.items']
`,
  'm.yml': `target: splunk
source: a/b
scope: { macro: ours }
variants: [default]
fields:
  '*': { path: 'data.*', ${basis} }
  payload.grants.granted: { path: 'data.payload.grants{}.granted', ${basis} }
---
target: sentinel
source: a/b
scope: { table: Ours_CL }
variants: [default]
fields:
  when: { path: TimeGenerated, type: datetime, ${basis} }
  payload.*: { path: Payload.*, type: dynamic, ${basis} }
  '*': { path: Rest.*, type: dynamic, ${basis} }
---
target: chronicle
source: a/b
scope: { log_type: OURS }
variants: [default]
fields:
  when: { path: metadata.event_timestamp, type: time, ${basis} }
  '*': { path: 'additional.fields["*"]', type: label, keeps: first, ${basis} }
`,
});

const fields = [
  ...['payload.action', 'payload.caller', 'payload.count', 'payload.ok', 'payload.grants.name'],
  ...['payload.grants.granted', 'kind', 'payload.request.items.id'],
];

describe.for([...backends])('$id', (backend) => {
  test('keeps fields below others under all their names', () => {
    expect(told).toEqual([]);
    let tried = 0;
    const property = fc.property(rulesOver(fields), fc.integer(), (model, seed) => {
      const rule = printRule(model).replace('product: aws, service: cloudtrail', 'product: a');
      const { file, plans } = readPlans(rule, 'rule.yml', catalog);
      const [plan] = plans;
      if (plan?.kind !== 'event') return;
      const compiled = compile(plan, file, backend);
      if (compiled.query === undefined) return;
      const records = drawEvents(plan, seed, 20);
      const found = findDivergence(backend, plan, compiled, records, [{}]);
      const shown = found && showDivergence(backend, rule, compiled.query, records, found);
      expect(shown).toBeUndefined();
      tried += 1;
    });
    fc.assert(property, { seed: 20261122, numRuns: 200 });
    expect(tried).toBeGreaterThan(5);
  });
});

const grants = {
  when: '2026-11-20T10:00:00Z',
  kind: 'k',
  payload: {
    grants: [
      { name: 'a', granted: true },
      { name: 'b', granted: false },
    ],
  },
};
const apart = { ...grants, payload: { grants: [{ name: 'b', granted: true }, { name: 'a' }] } };
const elements = (name: string): string => `title: Elements
sigma-version: 3
logsource: { product: a }
detection:
  s: { 'payload.grants[any]': { name: ${name}, granted: true } }
  condition: s
`;

describe.for(backends.filter(({ capabilities }) => capabilities.elements === true))(
  '$id',
  (backend) => {
    test('takes elements from where they are', () => {
      const { file, plans } = readPlans(elements('a'), 'rule.yml', catalog);
      const [plan] = plans;
      if (plan?.kind !== 'event') throw new Error('no plan');
      const compiled = compile(plan, file, backend);
      expect(compiled.diagnostics).toEqual([]);
      const records = [grants, apart];
      expect(findDivergence(backend, plan, compiled, records, [{}])).toBeUndefined();
    });
  },
);

test('Splunk has a moved field under its new name only', () => {
  const [splunk] = backends.filter(({ id }) => id === 'splunk');
  const source = catalog.sources.find(({ name }) => name === 'a/b');
  const mapping = splunk && mappingsOf(splunk).find((one) => one.source === 'a/b');
  if (splunk === undefined || source === undefined || mapping === undefined) throw new Error();
  expect(splunk.layout(grants, { source, mapping, variant: 'default' })).toEqual({
    _raw: `{"data":${JSON.stringify(grants)}}`,
    _time: Date.UTC(2026, 10, 20, 10) / 1000,
    _indextime: Date.UTC(2026, 10, 20, 10) / 1000,
    'data.when': '2026-11-20T10:00:00Z',
    'data.kind': 'k',
    'data.payload.grants{}.name': ['a', 'b'],
    'data.payload.grants{}.granted': ['true', 'false'],
  });
  const renamed = mapping.entries.map((entry) =>
    entry.field === '*' ? { ...entry, field: 'kind', places: [] } : entry,
  );
  expect(
    splunk.layout(
      { kind: 'k', payload: { action: 'x', grants: { granted: true } } },
      { source, mapping: { ...mapping, entries: [...renamed, renamedAction] }, variant: 'default' },
    ),
  ).toEqual({
    _raw: '{"kind":"k","payload":{"action":"x","grants":{"granted":true}}}',
    deed: 'x',
    'data.payload.grants{}.granted': 'true',
  });
});

const renamedAction = {
  field: 'payload.action',
  places: [
    {
      path: 'deed',
      type: 'text',
      keeps: 'all',
      holds: 'anything',
      absent: undefined,
      values: undefined,
      stored: [],
    },
  ],
  refused: undefined,
  absence: undefined,
  evidence: 'assumed',
  basis: 'test',
} as const;
