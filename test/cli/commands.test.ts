import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, folderOf, goodRule, goodTest, siemc } from './siemc.ts';

const targets = ['splunk', 'sentinel', 'chronicle'];
const project = (): string =>
  folderOf({ 'detections/made.yml': goodRule, 'detections/made.test.yaml': goodTest });

describe('compile', () => {
  test('prints the one query that is asked for, and nothing else', () => {
    const { out, err, code } = siemc(['compile', 'detections/made.yml', '-t', 'sentinel'], {
      cwd: project(),
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^AWSCloudTrail\n/);
  });

  test('gives one JSON line per rule and target', () => {
    const { out, code } = siemc(['compile', 'detections', '--format', 'json'], { cwd: project() });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.map(({ target }) => target)).toEqual(targets);
    for (const line of lines) {
      expect(line).toMatchObject({
        rule: {
          id: '11111111-2222-4333-8444-555555555555',
          title: 'Image created',
          path: 'detections/made.yml',
          line: 1,
        },
        status: 'ok',
        approximations: [],
        diagnostics: [],
      });
      expect(['documented', 'observed', 'assumed']).toContain(line.evidence);
    }
  });

  test("refuses at the rule's line what a target can't say, with exit 1 unless that is allowed", () => {
    const rule = goodRule.replace('eventName: CreateImage', "requestParameters.note: ''");
    const cwd = folderOf({ 'rule.yml': rule });
    const { out, code } = siemc(['compile', 'rule.yml', '--format', 'json', '-t', 'splunk'], {
      cwd,
    });
    const line = JSON.parse(out);
    expect(code).toBe(1);
    expect(line.status).toBe('refused');
    expect(line.query).toBeUndefined();
    expect(line.diagnostics[0]).toMatchObject({ code: 'splunk/cannot-tell-absent', line: 8 });
    expect(siemc(['compile', 'rule.yml', '-t', 'splunk', '--allow-refused'], { cwd }).code).toBe(0);
  });

  test("marks a rule that can't be read as invalid", () => {
    const cwd = folderOf({ 'bad.yml': 'title: x\n', 'good.yml': goodRule });
    const { out, code } = siemc(['compile', '.', '--format', 'json', '-t', 'splunk'], { cwd });
    const statuses = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status);
    expect([code, statuses.sort()]).toEqual([1, ['invalid', 'ok']]);
  });

  test('writes one file a rule and target', () => {
    const cwd = project();
    expect(siemc(['compile', 'detections', '-o', 'out'], { cwd }).code).toBe(0);
    const files = readdirSync(join(cwd, 'out'), { recursive: true, encoding: 'utf8' }).sort();
    expect(files.filter((file) => file.includes('.'))).toEqual([
      'chronicle/made.yaral',
      'sentinel/made.kql',
      'splunk/made.spl',
    ]);
  });
});

describe('build', () => {
  test('writes queries, pages and manifest; is current; notices and mends edits, stale and missing files', () => {
    const cwd = project();
    expect(siemc(['build', '--check'], { cwd }).code).toBe(1);
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(siemc(['build', '--check'], { cwd })).toMatchObject({ code: 0, out: '' });
    const query = join(cwd, 'dist-rules/splunk/made.spl');
    writeFileSync(query, 'search everything\n');
    writeFileSync(join(cwd, 'dist-rules/splunk/old.spl'), 'search old\n');
    rmSync(join(cwd, 'dist-rules/sentinel/made.kql'));
    const stale = siemc(['build', '--check'], { cwd });
    expect(stale.code).toBe(1);
    expect(stale.out).toContain('-search everything');
    expect(stale.out).toContain('--- /dev/null\n+++ dist-rules/sentinel/made.kql');
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
    expect(existsSync(join(cwd, 'dist-rules/splunk/old.spl'))).toBe(false);
  });

  test('gives the same bytes in another locale and time zone', () => {
    const [a, b] = [project(), project()];
    siemc(['build'], { cwd: a });
    siemc(['build'], {
      cwd: b,
      env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kolkata' },
    });
    const tree = (cwd: string): Record<string, string> =>
      Object.fromEntries(
        readdirSync(join(cwd, 'dist-rules'), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
      );
    expect(tree(b)).toEqual(tree(a));
  });

  test('has a manifest with a header and one line a rule', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    const [header, line, ...more] = readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ manifest: 2 });
    expect(JSON.parse(line ?? '')).toMatchObject({
      rule: 'made',
      cases: 2,
      targets: { splunk: { status: 'ok', file: 'splunk/made.spl' } },
    });
    expect(more).toEqual([]);
  });

  test('finds the configuration above and takes folders from it', () => {
    const cwd = folderOf({
      '.git/HEAD': '',
      'siemc.config.yml': 'targets: [sentinel]\ndetections: rules\noutput: built\n',
      'rules/made.yml': goodRule,
      'rules/deep/readme.txt': '',
    });
    expect(siemc(['build'], { cwd: join(cwd, 'rules/deep') }).code).toBe(0);
    expect(readdirSync(join(cwd, 'built')).sort()).toEqual(['manifest.jsonl', 'pages', 'sentinel']);
  });
});

describe('test', () => {
  test('runs every case on the reference and on each target', () => {
    const { out, code } = siemc(['test', '--format', 'json'], { cwd: project() });
    const { summary, results } = JSON.parse(out);
    expect(code).toBe(0);
    expect(summary).toEqual({
      rules: 1,
      cases: 2,
      runs: 8,
      passed: 8,
      failed: 0,
      diverged: 0,
      refused: 0,
    });
    expect(new Set(results.map(({ target }: { target: string }) => target))).toEqual(
      new Set(['sigma', ...targets]),
    );
  });

  test('fails when a condition of the rule is broken', () => {
    const cwd = folderOf({
      'detections/made.yml': goodRule.replace(' and not filter', ''),
      'detections/made.test.yaml': goodTest,
    });
    const { out, code } = siemc(['test'], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('failed on sigma: failed: expected no match, got 1 alert');
  });

  test('tells what is wrong with a test file, and goes on', () => {
    const cwd = folderOf({
      'detections/made.yml': goodRule,
      'detections/made.test.yaml': 'cases:\n  - { name: a, expects: match, events: [{}] }\n',
      'detections/other.yml': goodRule.replace('11111111', '21111111').replace('Image', 'Other'),
      'detections/other.test.yaml': goodTest,
    });
    const { out, err, code } = siemc(['test', '--format', 'json'], { cwd });
    expect(JSON.parse(out).summary.passed).toBe(8);
    expect(err).toContain('The key "expects" has no meaning');
    expect(code).toBe(1);
  });

  test('reads no sample outside of the project', () => {
    const outside = folderOf({ 'secret.json': '{"eventName":"CreateImage"}' });
    const sample = (name: string): string =>
      `cases:\n  - { name: a, expect: match, events: [{ $sample: ${name} }] }\n`;
    const cwd = folderOf({
      'detections/made.yml': goodRule,
      'detections/made.test.yaml': sample('./link.json'),
    });
    symlinkSync(join(outside, 'secret.json'), join(cwd, 'detections/link.json'));
    const { err, code } = siemc(['test'], { cwd });
    expect([code, err.includes('"./link.json" lies outside of the project')]).toEqual([1, true]);
  });
});

describe('query', () => {
  test('runs a hand-written query on raw records', () => {
    const cwd = folderOf({
      'e.jsonl':
        '{"eventName":"CreateImage","awsRegion":"eu-west-1"}\n{"eventName":"RunInstances"}\n',
    });
    const args = [
      'query',
      '-t',
      'sentinel',
      '--query',
      'AWSCloudTrail | where EventName == "CreateImage" | project EventName, AWSRegion',
      '-e',
      'e.jsonl',
      '-s',
      'aws/cloudtrail',
    ];
    const json = JSON.parse(siemc([...args, '--format', 'json'], { cwd }).out);
    expect(json.rows).toEqual([['CreateImage', 'eu-west-1']]);
    expect(siemc([...args, '--format', 'ndjson'], { cwd }).out).toBe(
      '{"EventName":"CreateImage","AWSRegion":"eu-west-1"}\n',
    );
    expect(siemc(args, { cwd }).out).toContain('1 row');
  });

  test("tells where a query can't be read", () => {
    const { err, code } = siemc(['query', '-t', 'sentinel', '--query', 'T | where (a == 1']);
    expect([code, err.includes('sentinel/syntax')]).toEqual([1, true]);
  });
});

describe('what people see', () => {
  test('help has examples for each command', () => {
    for (const name of ['check', 'compile', 'build', 'test', 'query']) {
      const { out, code } = siemc([name, '--help']);
      expect([code, /Examples:\n\s+siemc /.test(out)]).toEqual([0, true]);
    }
  });

  test('no colour codes without a terminal', () => {
    const { out, err } = siemc(['test'], { cwd: project(), env: { FORCE_COLOR: '1' } });
    expect((out + err).includes('\u001b')).toBe(false);
  });

  test('--quiet leaves only the result', () => {
    const { out, err } = siemc(['build', '--quiet'], { cwd: project() });
    expect([out, err]).toEqual(['', '']);
  });

  test('a reader that stops early is no error', () => {
    const rules = Array.from({ length: 300 }, (_, i) => [
      `detections/${i}.yml`,
      goodRule.replace('id: 1111', `id: ${1000 + i}`).replace('made', `made ${'x'.repeat(99)}`),
    ]);
    const cwd = folderOf(Object.fromEntries(rules));
    const command = `"${process.execPath}" "${bin}" compile detections | head -c 10; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('nobody who reads standard error is no error either', () => {
    const cwd = project();
    const command = `"${process.execPath}" "${bin}" build 2>&1 >/dev/null | true; exit \${PIPESTATUS[0]}`;
    const { status } = spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(siemc(['build', '--check'], { cwd }).code).toBe(0);
  });
});
