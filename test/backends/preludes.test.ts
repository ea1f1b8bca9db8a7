import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { evaluate } from '../../src/plan/evaluate.ts';
import { surveyHealth } from '../../src/survey.ts';
import { load } from '../library/own/load.ts';
import { findDivergence, readingsOf, showDivergence } from '../support/meaning.ts';
import { readPlans } from '../support/read-plan.ts';

const fields = (of: Readonly<Record<string, string>>): string =>
  Object.entries(of)
    .map(([name, place]) => `  ${name}: { ${place}, evidence: assumed, basis: test }\n`)
    .join('');

/** A line of a time, a user and an image, whose parts stand in columns that are made in several steps. */
const { catalog, backends } = await load({
  'siemc.config.yml': 'sources: [s.yml]\nmappings: [splunk.yml, sentinel.yml]\n',
  's.yml': `name: a/lines
title: Lines
match: { product: a }
time: when
raw: line
never: [empty, 'null']
fields: { line: {}, when: {}, user: {}, image: {}, tag: {}, size: {} }
forms:
  line:
    line: '^(?P<when>\\S+) (?P<user>\\w+) \\[(?P<image>\\w+):(?P<tag>\\w+)\\] (?P<size>\\w+)'
    fields: { when: when, user: user, image: image, tag: tag, size: size }
    write: '{when} {user} [{image}:{tag}] {size}'
    example: '2026-01-15T10:00:00Z ana [web:new] 5'
health: { identity: user, action: size }
`,
  'splunk.yml': `target: splunk
source: a/lines
scope: { macro: lines }
variants: [default]
prelude: |
  rex "^\\\\S+ (?<who>\\\\w+) \\\\[(?<image>\\\\w+):(?<tag>\\\\w+)[](?<no>] (?<size>\\\\w+)(?:\\\\(?<no>)?"
  | eval image=lower(image), whole=image.":".tag, image=upper(image), spare=whole
  | spath input=whole output=dug path=a
fields:
${fields({ when: 'path: _time', user: 'path: who', image: 'path: image', tag: 'path: tag', size: 'path: size' })}`,
  'sentinel.yml': `target: sentinel
source: a/lines
scope: { table: Lines_CL, line: Message }
variants: [default]
prelude: |
  extend Parts = extract_all(@"^\\S+ (\\w+) \\[(\\w+):(\\w+)\\] (\\w+)", Message)[0], Spare = strlen(Message)
  | extend Who = tostring(Parts[0]), Image = tostring(Parts[1]), Tag = tostring(Parts[2]), Size = tostring(Parts[3])
  | extend Image = toupper(tolower(Image)), Was = Image
fields:
${fields({ when: 'path: TimeGenerated, type: datetime', user: 'path: Who', image: 'path: Image', tag: 'path: Tag', size: 'path: Size' })}`,
});

const records = ['ana [web:new] 5', 'ben [web:old] 6', 'ana [db:new] 5'].map((text, minute) => {
  const [user = '', image = '', tag = '', size = ''] = text.split(/[ [\]:]+/);
  const when = `2026-01-15T10:0${minute}:00Z`;
  return { line: `${when} ${text}`, when, user, image, tag, size };
});

/** What stands behind the scope in the queries of a rule, which finds so many events. */
function preludes(selection: string, hits: number, more = ''): Readonly<Record<string, string>> {
  const text = `title: Test
name: one
logsource: { product: a }
detection: { s: ${selection}, condition: s }
${more}`;
  const { file, plans } = readPlans(text, 'rule.yml', catalog);
  const plan = plans.at(-1);
  if (plan === undefined) throw new Error('no plan');
  expect(evaluate(plan, records)).toHaveLength(hits);
  return Object.fromEntries(
    backends.slice(0, 2).map((backend) => {
      const compiled = compile(plan, file, backend);
      const { query = '' } = compiled;
      expect(compiled.diagnostics).toEqual([]);
      const readings = readingsOf(backend, compiled.switches);
      const found = findDivergence(backend, plan, compiled, records, readings);
      expect(found && showDivergence(backend, text, query, records, found)).toBeUndefined();
      return [backend.id, query];
    }),
  );
}

describe('of a prelude only what a query needs stands in it', () => {
  test('nothing, where only the table is asked', () => {
    const { splunk, sentinel } = preludes('{ when|minute: 1 }', 1);
    expect(splunk).not.toMatch(/rex|spath/);
    expect(sentinel).not.toContain('Message');
  });

  test('one group, the others keep nothing; what only looks like a group stays', () => {
    const { splunk, sentinel } = preludes('{ user: ana }', 2);
    expect(splunk).toContain(
      '| rex field=_raw "^\\\\S+ (?<who>\\\\w+) \\\\[(?:\\\\w+):(?:\\\\w+)[](?<no>] (?:\\\\w+)(?:\\\\(?<no>)?"\n| search who="ana"',
    );
    expect(sentinel).toContain(
      '| extend Parts = extract_all(@"^\\S+ (\\w+) \\[(\\w+):(\\w+)\\] (\\w+)", Message)[0]\n| extend Who = tostring(Parts[0])\n| where',
    );
  });

  test('a column that is made of its own former value', () => {
    const { splunk, sentinel } = preludes('{ image: web }', 2);
    expect(splunk).toContain('(?<image>\\\\w+):(?:');
    expect(splunk).toContain('| eval image=lower(image),\n    image=upper(image)\n');
    expect(sentinel).toContain(
      '| extend Image = tostring(Parts[1])\n| extend Image = toupper(tolower(Image))\n| where',
    );
  });

  test('an output that only is a column that the prelude makes', () => {
    const { splunk, sentinel } = preludes(
      '{ user: ana }',
      2,
      'siemc: { details: { size: size, Tag: tag } }\n',
    );
    expect(splunk).toContain('(?<size>');
    expect(splunk).toContain('(?<tag>');
    expect(splunk).not.toContain('(?<image>');
    expect(sentinel).toContain('Tag = tostring(Parts[2]), Size = ');
  });

  test('in a correlation what its groups and values read', () => {
    const { splunk, sentinel } = preludes(
      '{ tag: [new, old] }',
      1,
      '---\ntitle: Two\ncorrelation:\n  type: value_count\n  rules: [one]\n  group-by: [size]\n  timespan: 5m\n  condition: { field: image, gte: 2 }\n',
    );
    for (const text of ['(?:\\\\w+) \\\\[', '(?<image>', '(?<tag>', '(?<size>'])
      expect(splunk).toContain(text);
    expect(splunk).not.toMatch(/whole|spare|dug/);
    expect(sentinel).not.toMatch(/Who|Spare|Was/);
  });
});

test('a survey reads no more of a prelude than it counts', () => {
  const source = catalog.sources.find(({ name }) => name === 'a/lines');
  if (source === undefined) throw new Error('no source');
  const [splunk = '', sentinel = ''] = backends
    .slice(0, 2)
    .map((backend) => surveyHealth(source, backend)?.query);
  expect(splunk).toContain('(?<who>\\\\w+) \\\\[(?:');
  expect(splunk).not.toContain('whole');
  expect(sentinel).toContain(
    '| extend Who = tostring(Parts[0]), Size = tostring(Parts[3])\n| summarize',
  );
});
