import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOf } from '../library/own/example.ts';
import { folderOf, goodRule, siemc } from './siemc.ts';

const page = readFileSync('docs/own-logs.md', 'utf8');

const files = filesOf(page);

describe('the example of docs/own-logs.md', () => {
  const cwd = folderOf(files);

  test('is whole', () => {
    expect(Object.keys(files)).toHaveLength(9);
  });

  test('is checked without a finding', () => {
    const outcome = siemc(['check'], { cwd });
    expect(outcome.err).toMatch(/^check: .* no findings/);
    expect(outcome.code).toBe(0);
  });

  test('compiles to what the page shows', () => {
    const [, shown] = /```kusto\n([\s\S]*?)```/.exec(page) ?? [];
    const outcome = siemc(['compile', 'detections', '-t', 'sentinel'], { cwd });
    expect(outcome.out).toBe(shown);
  });

  test('passes its tests on all targets', () => {
    const outcome = siemc(['test', '--format', 'json'], { cwd });
    const { summary, results } = JSON.parse(outcome.out);
    expect(summary).toMatchObject({ failed: 0, diverged: 0, refused: 0 });
    const targets = new Set(results.map(({ target }: { target: string }) => target));
    expect(targets).toEqual(new Set(['sigma', 'splunk', 'sentinel', 'chronicle']));
    expect(outcome.code).toBe(0);
  });

  test('is built, and a record of the log can be queried', () => {
    expect(siemc(['build'], { cwd }).code).toBe(0);
    const sample = 'detections/samples/shipyard/approve.json';
    const query = 'search action=release.approve | table user.name release.labels{}';
    const args = ['query', '-t', 'splunk', '--query', query, '--source', 'shipyard/audit'];
    const outcome = siemc([...args, '--events', sample, '--format', 'ndjson'], { cwd });
    expect(JSON.parse(outcome.out)).toEqual({
      'user.name': 'eve@example.com',
      'release.labels{}': 'urgent',
    });
  });
});

/** The blocks of the page that aren't files of the example. */
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const block = (start: string): string => blocks.find((text) => text.startsWith(start)) ?? '';

test('what the page says of extending shipped logs and mappings works', () => {
  const cwd = folderOf({
    'siemc.config.yml': 'sources: [s.yml]\nmappings: [m.yml]\n',
    's.yml': block('name: aws/cloudtrail'),
    'm.yml': block('target: splunk\nsource: aws/cloudtrail'),
    'detections/a.yml': goodRule.replace('errorCode|exists: true', 'user_agent: x'),
  });
  expect(siemc(['check'], { cwd }).err).toContain('no findings');
  const { out } = siemc(['compile', 'detections', '-t', 'splunk'], { cwd });
  expect(out).toContain('`our_cloudtrail` sourcetype="aws:cloudtrail"');
  expect(out).toContain('userAgent="x"');
});

describe('files with errors', () => {
  const bad = {
    ...files,
    'logs/sources/bad.yml': 'name: shipyard/other\ntitle: [\n',
    'logs/mappings/bad.yml':
      'target: splunk\nsource: aws/cloudtrail\nfields:\n  eventNam: { path: a, evidence: assumed, basis: b }\n',
    'detections/lists/bad.txt': '# kind: cidr\n10.0.0.0/40\n',
  };
  const places = [
    ['logs/sources/bad.yml', 3],
    ['logs/mappings/bad.yml', 4],
    ['detections/lists/bad.txt', 2],
  ];

  test('are told at their lines, and everything else goes on', () => {
    const outcome = siemc(['check', '--format', 'json'], { cwd: folderOf(bad) });
    const { summary, diagnostics } = JSON.parse(outcome.out);
    const told = diagnostics.map(({ file, line }: { file: string; line: number }) => [file, line]);
    expect(new Set(told.map(String))).toEqual(new Set(places.map(String)));
    expect(summary).toMatchObject({ rules: 1, tests: 1 });
    expect(outcome.code).toBe(1);
    expect(outcome.err).not.toMatch(/\n\s+at /);
  });

  test("don't keep rules from being compiled and tested", () => {
    const cwd = folderOf(bad);
    const compiled = siemc(['compile', 'detections', '--format', 'json'], { cwd });
    const lines = compiled.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ status }) => status === 'ok')).toHaveLength(3);
    expect(compiled.code).toBe(1);
    const tested = siemc(['test'], { cwd });
    expect(tested.out).toMatch(/0 failed, 0 diverged, 0 refused/);
    expect(tested.err).toContain('logs/mappings/bad.yml:4:3');
    expect(tested.code).toBe(1);
  });

  test('keep build from writing anything', () => {
    const cwd = folderOf(bad);
    const outcome = siemc(['build'], { cwd });
    expect(outcome.err).toContain('nothing is built');
    expect(outcome.err).toContain('logs/sources/bad.yml:3:1');
    expect(outcome.code).toBe(2);
    expect(existsSync(join(cwd, 'dist-rules'))).toBe(false);
  });

  test('a refused place of a field refuses the rules that test it', () => {
    const path = 'logs/mappings/shipyard/sentinel.yml';
    const wrong = (files[path] ?? '').replace('path: Action,', 'path: Action.name,');
    const cwd = folderOf({ ...files, [path]: wrong });
    const outcome = siemc(['compile', 'detections', '-t', 'sentinel'], { cwd });
    expect(outcome.err).toContain('mapping/place');
    expect(outcome.err).toContain('sentinel/unmapped-field');
    expect([outcome.out, outcome.code]).toEqual(['', 1]);
  });
});

test('a list that the SIEM keeps is looked up there', () => {
  const config = (files['siemc.config.yml'] ?? '').replace('inline: true', 'inline: false');
  const cwd = folderOf({ ...files, 'siemc.config.yml': config });
  expect(siemc(['compile', 'detections', '-t', 'splunk'], { cwd }).out).toContain(
    'lookup release_approvers',
  );
  expect(siemc(['test'], { cwd }).out).toMatch(/0 failed, 0 diverged, 0 refused/);
});

test('links in the folder of a log source lead nowhere', () => {
  const cwd = folderOf(files);
  symlinkSync('/etc/hostname', join(cwd, 'logs/sources/x.yml'));
  const { out, code } = siemc(['check'], { cwd });
  expect(out).toContain("logs/sources/x.yml warning Links aren't followed");
  expect(code).toBe(0);
});

test('a path of the configuration that leads outside is bad configuration', () => {
  const config = (files['siemc.config.yml'] ?? '').replace(
    '[logs/mappings]',
    '[logs/mappings, ../x]',
  );
  const outcome = siemc(['check'], { cwd: folderOf({ ...files, 'siemc.config.yml': config }) });
  expect(outcome.out).toContain('siemc.config.yml:3:27 error "../x": it lies outside');
  expect(outcome.code).toBe(2);
});

describe('what the configuration says of these files is checked', () => {
  const config = files['siemc.config.yml'] ?? '';
  const cases: Readonly<Record<string, readonly [text: string, said: string, command: string]>> = {
    'a list without a file': [
      config.replace('release_approvers', 'gone'),
      'There is no list "gone"',
      'check',
    ],
    'a name that no list can have': [
      config.replace('release_approvers', "'no name'"),
      '"no name" can\'t name a list',
      'check',
    ],
    'one finding by two names': [
      `${config}lints: { lint/duplicate-value: error, duplicate-value: off }\n`,
      'siemc.config.yml:5:39 error "duplicate-value" is the finding that "lint/duplicate-value"',
      'check',
    ],
    'the output among the log sources': [
      `${config}output: logs/sources/out\n`,
      '"logs/sources", which has log sources',
      'build',
    ],
    'the output in the place of mappings': [`${config}output: logs\n`, 'it is or holds', 'build'],
    'the output among the lists': [
      `${config}listFolder: lists\noutput: lists\n`,
      'it is or holds the folder of the lists',
      'build',
    ],
  };
  test.for(Object.entries(cases))('%s', ([, [text, said, command]]) => {
    const cwd = folderOf({ ...files, 'siemc.config.yml': text });
    const { out, err, code } = siemc([command], { cwd });
    expect(out + err).toContain(said);
    expect(code).toBe(2);
  });
});

test('what the page says of forms works', () => {
  const line = '<13>2026-01-15T12:00:00Z gate: user=b-12 account=7';
  const exported = { body: { time: '2026-01-15T12:00:00Z', user: 'b-12', path: '/accounts/7/x' } };
  const cwd = folderOf({
    'siemc.config.yml': 'sources: [s.yml]\n',
    's.yml': block('name: inhouse/gate'),
    'detections/gate.yml': `${goodRule.slice(0, goodRule.indexOf('logsource'))}logsource: { product: inhouse, service: gate }
detection:
  selection: { badge: '12', account: '7' }
  condition: selection
siemc: { targets: [splunk] }
`,
    'detections/gate.test.yaml': `cases:
  - { name: line, expect: match, events: ['${line}'] }
  - { name: exported, expect: match, events: [${JSON.stringify({ ...exported, claims: {} })}] }
  - { name: bare, expect: none, events: [${JSON.stringify(exported)}] }
`,
  });
  const { results } = JSON.parse(siemc(['test', '--format', 'json'], { cwd }).out);
  const meant = results.filter(({ target }: { target: string }) => target === 'sigma');
  expect(meant.map(({ status }: { status: string }) => status)).toEqual(Array(3).fill('passed'));
});

test('of several values under a key Google SecOps reads the first, whether a mapping says so or not', () => {
  const cwd = folderOf({
    'siemc.config.yml': 'sources: [logs.yml]\nmappings: [secops.yml]\n',
    'logs.yml':
      'name: inhouse/door\ntitle: Door\nmatch: { product: inhouse, service: door }\ntime: when\nfields: { when: {}, badges: {} }\narrays: [badges]\n',
    'secops.yml':
      'target: chronicle\nsource: inhouse/door\nscope: { log_type: INHOUSE_DOOR }\nvariants: [default]\nfields:\n  when: { path: metadata.event_timestamp, type: time, evidence: assumed, basis: ours }\n  badges: { path: \'additional.fields["badges"]\', type: label, evidence: assumed, basis: ours }\n',
    'detections/door.yml':
      'title: A badge at the door\nlogsource: { product: inhouse, service: door }\ndetection: { badge: { badges: b-12 }, condition: badge }\n',
  });
  const { code, err } = siemc(['compile', 'detections', '-t', 'chronicle'], { cwd });
  expect([code, err]).toEqual([1, expect.stringContaining('chronicle/first-value-only')]);
});
