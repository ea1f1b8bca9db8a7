import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compile.ts';
import { folderOf, siemc } from '../../cli/siemc.ts';
import { rulesOver } from '../../properties/arbitraries.ts';
import { drawEvents } from '../../properties/events.ts';
import { printRule } from '../../properties/rule-model.ts';
import { findDivergence, showDivergence } from '../../support/meaning.ts';
import { readPlans } from '../../support/read-plan.ts';
import { filesOf } from './example.ts';
import { load } from './load.ts';

const { catalog, backends } = await load(filesOf(readFileSync('docs/own-logs.md', 'utf8')));
const fields = [
  ...['id', 'action', 'user.name', 'User', 'user.ip', 'release.service', 'release.environment'],
  ...['release.labels', 'dryRun'],
];

describe.for([...backends])('$id', (backend) => {
  test('compiled rules over a log and mappings of a user mean the same', () => {
    let tried = 0;
    const property = fc.property(rulesOver(fields), fc.integer(), (model, seed) => {
      const rule = printRule(model).replace(
        'product: aws, service: cloudtrail',
        'product: shipyard, service: audit',
      );
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
    expect(tried).toBeGreaterThan(15);
  });
});

describe('a table of a user with columns that are named like what a query makes', () => {
  const files = (groupBy: string): Readonly<Record<string, string>> => ({
    'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\n',
    's.yml': `name: a/b
title: Log
match: { product: a }
time: when
never: [empty, 'null']
fields: { when: {}, Action: {}, kind: {}, who: {}, labels: {} }
arrays: [labels]
`,
    'm.yml': `target: sentinel
source: a/b
scope: { table: Log_CL }
variants: [default]
fields:
  when: { path: TimeGenerated, type: datetime, evidence: assumed, basis: test }
  Action: { path: Verb, evidence: assumed, basis: test }
  kind: { path: Action, evidence: assumed, basis: test }
  who: { path: LabelsMatches, evidence: assumed, basis: test }
  labels: { path: Labels, type: dynamic, evidence: assumed, basis: test }
`,
    'detections/r.yml': `title: Found
name: Action
logsource: { product: a }
detection: { s: { labels: x, who: y }, condition: s }
---
title: Found too
name: other
logsource: { product: a }
detection: { s: { kind: z }, condition: s }
---
title: Many
correlation:
  type: value_count
  rules: [Action, other]
  group-by: [${groupBy}]
  timespan: 10m
  condition: { field: kind, gte: 2 }
siemc: { targets: [sentinel] }
`,
    'detections/r.test.yaml': `rule: Many
cases:
  - name: two kinds
    expect: 1
    events:
      - { when: 2026-11-20T10:00:00Z, Action: a, kind: b, who: y, labels: [x] }
      - { when: 2026-11-20T10:01:00Z, Action: a, kind: z, who: y }
  - name: one kind, and another that no rule finds
    expect: 0
    events:
      - { when: 2026-11-20T10:00:00Z, Action: a, kind: b, who: y, labels: [x] }
      - { when: 2026-11-20T10:01:00Z, Action: b, kind: c, who: y, labels: [y] }
`,
  });

  test('keeps them apart', () => {
    const { out } = siemc(['test'], { cwd: folderOf(files('who')) });
    expect(out).toMatch(/4 passed, 0 failed, 0 diverged, 0 refused/);
  });

  test('refuses a key that would hide one', () => {
    const { out, err } = siemc(['compile', 'detections'], { cwd: folderOf(files('Action')) });
    expect(out).toBe('');
    expect(err).toContain('sentinel/column-name');
  });
});
