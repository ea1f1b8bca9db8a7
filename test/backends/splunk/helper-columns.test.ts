import { describe, expect, test } from 'vitest';
import { type Compiled, compile } from '../../../src/compile.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { evaluate } from '../../../src/plan/evaluate.ts';
import { listsIn } from '../../../src/plan/fields-of.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { load } from '../../library/own/load.ts';
import { testCatalog } from '../../support/catalog.ts';
import { readPlans } from '../../support/read-plan.ts';

const loaded = await load({
  'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\n',
  's.yml': `name: a/b
title: Log
match: { product: a }
time: when
never: [empty, 'null']
raw: json
fields: { when: {}, user: {}, siemc_in_builders: {}, siemc_value: {} }
`,
  'm.yml': `target: splunk
source: a/b
scope: { macro: ours }
variants: [default]
fields:
  "*": { path: "*", evidence: assumed, basis: test }
`,
});
const splunk = loaded.backends.find(({ id }) => id === 'splunk');

function compileOwn(rest: string): Compiled & { readonly plan: Plan } {
  const text = `title: Test\nname: one\nlogsource: { product: a }\n${rest}`;
  const catalog = { ...loaded.catalog, lists: testCatalog.lists };
  const { file, plans, diagnostics } = readPlans(text, 'rule.yml', catalog);
  const [plan] = plans;
  if (plan === undefined || splunk === undefined)
    throw new Error(diagnostics.map(({ message }) => message).join(' '));
  return { ...compile(plan, file, splunk), plan };
}

const listed = 'detection: { a: { user|expand: "%builders%" }, condition: a }\n';

describe('events with fields that are called like helper columns', () => {
  test('do not decide, and keep them', () => {
    const { query = '', plan } = compileOwn(listed);
    const records = [
      { user: 'nobody', siemc_in_builders: 'alpha', siemc_in_builders2: 'alpha' },
      { user: 'ALPHA', siemc_in_builders: 'kept' },
    ];
    const [mapping] = mappingsOf(splunk ?? fail()).filter(({ source }) => source === 'a/b');
    const context = { source: sourcesOf(plan)[0], mapping: mapping ?? fail(), variant: 'default' };
    const events = records.map((record) => (splunk ?? fail()).layout(record, context));
    const { hits, columns, rows } = (splunk ?? fail()).prepare(query)(events, {
      lists: listsIn(plan),
    });
    expect(hits).toEqual([1]);
    expect(evaluate(plan, records).map(({ event }) => event)).toEqual(hits);
    const at = columns.findIndex(({ name }) => name === 'siemc_in_builders');
    expect(rows[0]?.[at]).toBe('kept');
    expect(columns.map(({ name }) => name)).not.toContain('siemc_in_builders2');
  });

  test.each([
    ['conditions', 'detection: { a: { siemc_in_builders: x }, condition: a }\n'],
    ['outputs', `${listed}siemc: { details: { found: siemc_in_builders } }\n`],
    ['group-by fields', `${listed}---\n${correlation('event_count', 'siemc_value', '')}`],
    ['values', `${listed}---\n${correlation('value_count', 'user', 'field: siemc_value, ')}`],
  ])('are refused as %s', (_, rest) => {
    const { query, diagnostics } = compileOwn(rest);
    expect(query).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain('splunk/field-name');
  });
});

function correlation(type: string, by: string, field: string): string {
  return `title: Many
correlation:
  type: ${type}
  rules: [one]
  group-by: [${by}]
  timespan: 5m
  condition: { ${field}gte: 2 }
`;
}

function fail(): never {
  throw new Error('There is no such backend or mapping.');
}
