import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const burst = `title: Burst of copies
id: 5f9c2a9e-8a51-4d4e-9c55-3a6c0f2f1e10
name: burst
correlation:
  type: event_count
  rules: [copied]
  timespan: 10m
  condition: { gte: 5 }
siemc: { tunables: { threshold: correlation.condition.gte } }
---
title: Image copied
name: copied
logsource: { product: aws, service: cloudtrail }
detection:
  made: { eventName: CopyImage, awsRegion|expand: '%regions%' }
  condition: made
`;
const tests = `cases:
  - name: five
    expect: match
    lists: { regions: [eu-central-1] }
    events: [{ eventName: CopyImage, awsRegion: eu-central-1, eventTime: '2026-01-01T00:00:00Z', $repeat: 5 }]
  - name: four
    expect: none
    lists: { regions: [eu-central-1] }
    events: [{ eventName: CopyImage, awsRegion: eu-central-1, eventTime: '2026-01-01T00:00:00Z', $repeat: 4 }]
`.replaceAll(
  /events: \[(\{.*), \$repeat: (\d) \}\]/g,
  (_, event: string, n: string) => `events: [${Array(Number(n)).fill(`${event} }`).join(', ')}]`,
);
const config = `targets: [splunk, sentinel]
destinations:
  splunk-emea: { target: splunk }
  splunk-us:
    target: splunk
    tunables: { burst: { threshold: 20 } }
    lists: { regions: { inline: true } }
`;
const project = (settings = config): string =>
  folderOf({
    'siemc.config.yml': settings,
    'detections/burst.yml': burst,
    'detections/burst.test.yaml': tests,
    'detections/lists/regions.txt': '# kind: string\neu-central-1\n',
  });

const query = (cwd: string, destination: string): string =>
  readFileSync(join(cwd, `dist-rules/${destination}/burst.spl`), 'utf8');

describe('destinations', () => {
  test('have a folder each, with what is set there; their target has none of its own', () => {
    const cwd = project();
    const { code, err } = siemc(['build'], { cwd });
    expect([code, err]).toEqual([0, expect.stringContaining('1 rule, 3 queries')]);
    expect(readdirSync(join(cwd, 'dist-rules')).sort()).toEqual([
      'manifest.jsonl',
      'pages',
      'sentinel',
      'splunk-emea',
      'splunk-us',
    ]);
    expect(query(cwd, 'splunk-emea')).toContain('window=5');
    expect(query(cwd, 'splunk-emea')).toContain('lookup regions');
    expect(query(cwd, 'splunk-us')).toContain('window=20');
    expect(query(cwd, 'splunk-us')).toContain('awsRegion="eu-central-1"');
    const [header, line] = readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8')
      .split('\n', 2)
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(header).toMatchObject({
      destinations: {
        'splunk-emea': { target: 'splunk' },
        'splunk-us': { target: 'splunk' },
        sentinel: { target: 'sentinel' },
      },
    });
    const { 'splunk-us': us, 'splunk-emea': emea } = Object(line?.['targets']);
    expect(us).toMatchObject({ tuned: [{ rule: 'burst', tunable: 'threshold', value: 20 }] });
    expect(us.plan).not.toBe(line?.['plan']);
    expect(emea).not.toHaveProperty('plan');
    expect(line).not.toHaveProperty('tuned');
    const page = readFileSync(join(cwd, 'dist-rules/pages/burst.md'), 'utf8');
    expect(page).toContain('## Splunk \\(splunk-us\\)');
  });

  test('that are gone lose their folders', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    writeFileSync(join(cwd, 'siemc.config.yml'), 'targets: [splunk]\n');
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(readdirSync(join(cwd, 'dist-rules')).sort()).toEqual([
      'manifest.jsonl',
      'pages',
      'splunk',
    ]);
  });

  test('are asked for by their names, or all by that of their target', () => {
    const cwd = project();
    const compiled = (target: string): readonly unknown[] => {
      const { out } = siemc(['compile', 'detections', '-t', target, '-f', 'json'], { cwd });
      const lines = out.trim().split('\n');
      return lines.map((line) => Object(JSON.parse(line))['destination']);
    };
    expect(compiled('splunk')).toEqual(['splunk-emea', 'splunk-us']);
    expect(compiled('splunk-us')).toEqual(['splunk-us']);
    expect(siemc(['compile', 'detections', '-t', 'splunk-uk'], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean "splunk-us"?'),
    });
  });

  test('are tested each, with what is set there against what the rule means then', () => {
    const cwd = project();
    const { code, out } = siemc(['test', '-f', 'json'], { cwd });
    const { summary, results } = JSON.parse(out);
    expect(code).toBe(0);
    const targets = new Set(results.map((one: { target: string }) => one.target));
    expect([...targets].sort()).toEqual(['sentinel', 'sigma', 'splunk-emea', 'splunk-us']);
    const us = results.filter((one: { target: string }) => one.target === 'splunk-us');
    expect(us).toMatchObject([
      { case: 'five', actual: 1 },
      { case: 'four', actual: 0 },
      { case: 'five (as set for splunk-us)', expected: 'same', actual: 0, status: 'passed' },
      { case: 'four (as set for splunk-us)', expected: 'same', actual: 0, status: 'passed' },
    ]);
    expect(summary).toMatchObject({ cases: 4, failed: 0, diverged: 0 });
  });

  test.each([
    ['emea: { target: splnk }', 'config/unknown-target', 'Did you mean "splunk"?'],
    ['emea: {}', 'config/unknown-target', 'Add "target:".'],
    ['sentinel: { target: splunk }', 'config/destination', 'Call it splunk-sentinel'],
    ['pages: { target: splunk }', 'config/destination', 'it stands for something else'],
    ['Emea: { target: splunk }', 'config/destination', 'lower-case letters'],
    ['emea: { target: splunk, tunable: {} }', 'schema/unknown-key', 'tunables'],
    [
      'emea: { target: splunk, tunables: { burst: { treshold: 3 } } }',
      'config/tunable',
      'threshold',
    ],
    ['emea: { target: splunk, lists: { region: { inline: true } } }', 'config/no-list', 'regions'],
    [
      'emea: { target: splunk, choices: { aws/cloudtral: [x] } }',
      'config/unknown-source',
      'aws/cloudtrail',
    ],
  ])('that are wrong are told in their place: %s', (entry, code, hint) => {
    const cwd = project(`destinations:\n  ${entry}\n`);
    const { code: exit, err } = siemc(['build'], { cwd });
    expect([exit, err]).toEqual([2, expect.stringContaining(code)]);
    expect(err).toMatch(/^siemc\.config\.yml:2:\d+ error /m);
    expect(err).toContain(hint);
    expect(existsSync(join(cwd, 'dist-rules'))).toBe(false);
  });
});
