import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compile.ts';
import { load } from '../../library/own/load.ts';
import { findDivergence, showDivergence } from '../../support/meaning.ts';
import { readPlans } from '../../support/read-plan.ts';

/** Columns that are called like those which a query makes: elements, parsed JSON, what is counted. */
const { catalog, backends } = await load({
  'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\n',
  's.yml': `name: a/b
title: Log
match: { product: a }
time: when
never: [empty, 'null']
fields: { when: {}, item: {}, second: {}, matches: {}, note: {}, parts.name: {}, parts.size: {}, parts.parts.name: {} }
open: [x, more, even, RequestParameters]
arrays: [parts, parts.parts]
`,
  'm.yml': `target: sentinel
source: a/b
scope: { table: Log_CL }
variants: [default]
fields:
  when: { path: TimeGenerated, type: datetime, evidence: assumed, basis: test }
  item: { path: Item, evidence: assumed, basis: test }
  second: { path: Item3, evidence: assumed, basis: test }
  matches: { path: NameMatches, evidence: assumed, basis: test }
  note: { path: Request, evidence: assumed, basis: test }
  parts: { path: Parts, type: dynamic, evidence: assumed, basis: test }
  parts.*: { path: Parts.*, type: dynamic, evidence: assumed, basis: test }
  x.*: { path: X.*, type: json, evidence: assumed, basis: test }
  more.*: { path: XJson.*, type: json, evidence: assumed, basis: test }
  even.*: { path: XJsonJson.*, type: json, evidence: assumed, basis: test }
  RequestParameters.*: { path: RequestParameters.*, type: json, evidence: assumed, basis: test }
`,
});
const sentinel = backends.find(({ id }) => id === 'sentinel');

const records = [
  { item: 'a', parts: [{ name: 'b' }, { name: 'A' }] },
  { item: 'a', parts: [{ name: 'b' }, { name: 'c' }] },
  { item: 'b', second: 'c', parts: [{ name: 'a', parts: [{ name: 'c' }] }] },
  { item: 'b', second: 'd', parts: [{ name: 'a', parts: [{ name: 'c' }] }] },
  { item: 'a', note: 'n', x: { y: 'v' }, more: { y: 'w' }, even: { y: 'z' } },
  { item: 'a', note: 'n', x: { y: 'w' }, more: { y: 'v' }, even: { y: 'z' } },
  { item: 'a', note: 'n', RequestParameters: { y: 'n' } },
  { item: 'a', note: 'm', RequestParameters: { y: 'n' } },
  { item: 'a', parts: [{ name: 'a' }], x: { y: 'v' }, more: { y: 'w' }, even: { y: 'z' } },
  { item: 'a', parts: [{ name: 'A' }], x: { y: 'v' }, more: { y: 'u' }, even: { y: 'x' } },
  { item: 'b', parts: [{ name: 'b' }], x: { y: 'v' }, more: { y: 'u' }, even: { y: 'x' } },
].map((record) => ({ when: '2026-01-15T10:00:00Z', ...record }));

/** The query of a rule over such a table; it finds what the rule means. */
function queryOf(selection: string, more = ''): string {
  const text = `title: Test
name: test
sigma-version: 3
logsource: { product: a }
detection: { sel: ${selection}, condition: sel }
${more}`;
  const { file, plans, diagnostics } = readPlans(text, 'rule.yml', catalog);
  const plan = plans.at(-1);
  if (plan === undefined || sentinel === undefined)
    throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const compiled = compile(plan, file, sentinel);
  const { query = '' } = compiled;
  if (query === '') throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'));
  const found = findDivergence(sentinel, plan, compiled, records);
  expect(found && showDivergence(sentinel, text, query, records, found)).toBeUndefined();
  return query;
}

describe('a table of a user keeps its columns apart from', () => {
  test('elements', () => {
    const query = queryOf('{ parts.name|fieldref: item }');
    expect(query).toContain('tolower(tostring(Item2.name)) == tolower(Item)');
    expect(query).toContain('mv-apply Item2 = ');
  });

  test('elements of elements', () => {
    const query = queryOf('{ "parts[any]": { name: a, "parts[any]": { name|fieldref: name } } }');
    expect(query).toContain('mv-apply Item2 = ');
    expect(query).toContain('mv-apply Item4 = ');
    expect(queryOf('{ parts.parts.name|fieldref: second }')).toContain(
      'tolower(tostring(Item4.name)) == tolower(Item3)',
    );
  });

  test('counts', () => {
    expect(queryOf('{ parts.name: a, matches: b }')).toContain('NameMatches2 > 0');
  });

  test('parsed JSON', () => {
    const query = queryOf('{ x.y: v, more.y: w, even.y: z }');
    expect(query).toContain(`XJson2 = parse_json(X),
    XJsonJson2 = parse_json(XJson),
    XJsonJsonJson = parse_json(XJsonJson)`);
    expect(queryOf('{ note: n, RequestParameters.y|fieldref: note }')).toContain(
      '| extend Request2 = parse_json(RequestParameters)',
    );
  });

  test('outputs', () => {
    const query = queryOf(
      '{ note: n }',
      'siemc: { details: { Item: x.y, Request: RequestParameters.y } }',
    );
    expect(query).toContain('ItemValue = tostring(XJson2.y)');
    expect(query).toContain('RequestValue = tostring(Request2.y)');
  });

  test('what a correlation reads', () => {
    const query = queryOf(
      '{ parts.name|fieldref: item }',
      `---
title: Main
correlation:
  type: value_count
  rules: test
  group-by: [x.y, item]
  timespan: 10m
  condition: { field: more.y, gte: 2 }
siemc: { details: { Item: even.y } }
`,
    );
    expect(query).toContain('tolower(tostring(Item2.name)) == tolower(Item)');
    expect(query).toContain('XJson2 = parse_json(X)');
    expect(query).toContain('XJsonJson2 = parse_json(XJson)');
    expect(query).toMatch(/\bItemValue = strcat_array/);
  });
});
