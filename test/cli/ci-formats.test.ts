import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { junitProblems, sarifProblems } from '../support/published-schemas.ts';
import { commandsIn } from '../support/workflow-commands.ts';
import { folderOf, goodRule, goodTest, siemc } from './siemc.ts';

const unseen = ['\u0001', '\u001b', '\u2028', '\ud800'] as const;
const hostile = `::set-output name=a::b ##[add-mask]x ]]> <b> & "q" %0A é🦉 ${unseen.join(' ')} \ufffe`;
/** As it stands in YAML, and as it is shown. */
const title = JSON.stringify(hostile)
  .replaceAll('\u2028', '\\u2028')
  .replaceAll('\ufffe', '\\ufffe');
const shown = unseen.reduce((text, one) => text.replaceAll(one, '\ufffd'), hostile);

/** A rule with two errors and a warning, whose words want to be commands. */
const badRule = `title: ${title}
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    eventNam: CreateImage
  "::error::x":
    eventName: a
  condition: selektion
`;

/** A case that fails and one that passes, with names that want to be markup. */
const failingTest = `cases:
  - name: ${title}
    expect: none
    events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage }]
  - name: made
    expect: match
    events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage }]
`;

const oddName = 'detections/odd %41, name: é.yml';

/** A git repository with a project in a folder of it. */
function projectOf(files: Readonly<Record<string, string>>, below = ''): string {
  const root = folderOf({});
  execFileSync('git', ['init', '-q', root]);
  const cwd = join(root, below);
  for (const [path, text] of Object.entries({ 'detections/.keep': '', ...files })) {
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly object[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
          readonly region: Readonly<Record<string, number>>;
        };
      }[];
    }[];
  }[];
}

const runOf = (text: string) => {
  const log = JSON.parse(text) as SarifLog;
  expect(sarifProblems(log)).toEqual([]);
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return run;
};

describe('--format sarif', () => {
  test('is a valid log of every finding, with its place, its rule and its file from the root', () => {
    const cwd = projectOf({ [oddName]: badRule }, 'deep/er rules');
    const outcome = siemc(['check', '--format', 'sarif'], { cwd });
    expect(outcome.code).toBe(1);
    const run = runOf(outcome.out);
    const json = JSON.parse(siemc(['check', '--format', 'json'], { cwd }).out);
    expect(run.results.map(({ ruleId, level }) => [ruleId, level])).toEqual(
      json.diagnostics.map((one: { code: string; severity: string }) => [one.code, one.severity]),
    );
    expect(run.results.length).toBeGreaterThan(2);
    for (const { ruleId, ruleIndex, locations } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      const artifact = locations[0]?.physicalLocation.artifactLocation;
      expect(artifact).toEqual({
        uri: 'deep/er%20rules/detections/odd%20%2541%2C%20name%3A%20%C3%A9.yml',
        uriBaseId: '%SRCROOT%',
      });
    }
    const unknown = run.results.find(({ ruleId }) => ruleId === 'plan/unknown-field');
    expect(unknown?.message.text).toBe(
      'AWS CloudTrail has no field "eventNam". Did you mean "eventName"?',
    );
    expect(unknown?.locations[0]?.physicalLocation.region).toEqual({
      startLine: 5,
      startColumn: 5,
      endLine: 5,
      endColumn: 13,
    });
    expect(run.tool.driver.rules.find(({ id }) => id === 'plan/unknown-field')).toEqual({
      id: 'plan/unknown-field',
      shortDescription: {
        text: 'The log source has no field of this name, so no event could match.',
      },
      fullDescription: {
        text: 'The log source has no field of this name, so no event could match.',
      },
      help: {
        text: expect.stringContaining('\n\nMend it: '),
        markdown: expect.stringContaining('\n\n**Mend it:** '),
      },
    });
    expect(run.invocations).toEqual([{ executionSuccessful: true, exitCode: 1 }]);
    expect(outcome.out).not.toContain(cwd);
    expect(siemc(['check', '--format', 'sarif'], { cwd }).out).toBe(outcome.out);
  });

  test('counts columns in UTF-16 units', () => {
    const rule = goodRule
      .replace('eventName: CreateImage', '{"🦉": 1, "eventNam": a}')
      .replace('    eventSource: ec2.amazonaws.com\n    {', '    {');
    const cwd = projectOf({ 'detections/a.yml': rule });
    const { results } = runOf(siemc(['check', '--format', 'sarif'], { cwd }).out);
    const found = results.find(({ message }) => message.text.includes('"eventNam"'));
    const region = found?.locations[0]?.physicalLocation.region ?? {};
    const line = rule.split('\n')[(region['startLine'] ?? 0) - 1] ?? '';
    expect(line.slice((region['startColumn'] ?? 0) - 1, (region['endColumn'] ?? 0) - 1)).toBe(
      '"eventNam"',
    );
  });

  test('names findings the same when their lines move, and each by its own name', () => {
    const names = (rule: string) =>
      runOf(
        siemc(['check', '--format', 'sarif'], { cwd: projectOf({ 'detections/a.yml': rule }) }).out,
      ).results.map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints]);
    const twice = badRule.replace('  condition:', '    eventNam: b\n  condition:');
    const before = names(twice);
    expect(names(`# moved\n\n${twice}`)).toEqual(before);
    expect(new Set(before.map((one) => JSON.stringify(one))).size).toBe(before.length);
    expect(names(twice.replace('eventNam: CreateImage', 'eventNama: CreateImage'))).not.toEqual(
      before,
    );
  });

  test('of an empty project has no results', () => {
    const outcome = siemc(['check', '--format', 'sarif'], {
      cwd: projectOf({ 'detections/a.yml': goodRule }),
    });
    expect(runOf(outcome.out)).toMatchObject({
      results: [],
      invocations: [{ executionSuccessful: true, exitCode: 0 }],
    });
    const none = siemc(['check', '--format', 'sarif'], { cwd: folderOf({}) });
    expect(none.code).toBe(2);
    expect(runOf(none.out).invocations).toMatchObject([
      { executionSuccessful: false, exitCode: 2 },
    ]);
  });

  test('says what is wrong with a configuration that stops the command', () => {
    const cwd = projectOf({ 'siemc.config.yml': 'nope: 1\n' });
    for (const command of [['check'], ['build', '--check']]) {
      const outcome = siemc([...command, '--format', 'sarif'], { cwd });
      expect(outcome.code).toBe(2);
      expect(runOf(outcome.out)).toMatchObject({
        results: [{ ruleId: 'schema/unknown-key' }],
        invocations: [
          {
            executionSuccessful: false,
            toolExecutionNotifications: [{ message: { text: "The configuration can't be used." } }],
          },
        ],
      });
    }
  });

  test('has thousands of findings', () => {
    const fields = Array.from({ length: 3000 }, (_, n) => `    field${n}: a\n`).join('');
    const rule = goodRule.replace('    eventName: CreateImage\n', fields);
    const outcome = siemc(['check', '--format', 'sarif'], {
      cwd: projectOf({ 'detections/a.yml': rule }),
    });
    expect(runOf(outcome.out).results).toHaveLength(3000);
  });

  test('of build --check tells which files are stale, and where they differ', () => {
    const cwd = projectOf({ 'detections/made.yml': goodRule });
    expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
    const query = join(cwd, 'dist-rules/splunk/made.spl');
    const text = readFileSync(query, 'utf8');
    writeFileSync(query, `${text}| head 1\n`);
    execFileSync('rm', [join(cwd, 'dist-rules/pages/made.md')]);
    writeFileSync(join(cwd, 'dist-rules/splunk/gone.spl'), 'old\n');
    const outcome = siemc(['build', '--check', '--format', 'sarif'], { cwd });
    expect(outcome.code).toBe(1);
    const found = runOf(outcome.out).results.map(({ ruleId, locations: [at] }) => [
      ruleId,
      at?.physicalLocation.artifactLocation.uri,
      at?.physicalLocation.region['startLine'],
    ]);
    expect(found).toEqual([
      ['build/missing', 'dist-rules/pages/made.md', 1],
      ['build/stale', 'dist-rules/splunk/gone.spl', 1],
      ['build/changed', 'dist-rules/splunk/made.spl', text.split('\n').length],
    ]);
    expect(siemc(['build', '--format', 'sarif'], { cwd }).err).toContain('it needs --check');
  });
});

describe('--format github', () => {
  test('annotates what check finds, the gravest first, and nothing else is a command', () => {
    const cwd = projectOf({ [oddName]: badRule }, 'deep');
    const outcome = siemc(['check', '--format', 'github'], { cwd });
    expect(outcome.code).toBe(1);
    const commands = commandsIn(outcome.out);
    expect(commands).toHaveLength(outcome.out.trimEnd().split('\n').length);
    expect(commands.map(({ name }) => name)).toEqual([...commands.map(({ name }) => name)].sort());
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['error', 'warning']));
    expect(commands[0]).toEqual({
      name: 'error',
      properties: {
        file: `deep/${oddName}`,
        line: '5',
        endLine: '5',
        col: '5',
        endColumn: '12',
        title: 'plan/unknown-field',
      },
      data: 'AWS CloudTrail has no field "eventNam".\nDid you mean "eventName"?',
    });
    expect(outcome.err).toMatch(/^check: 1 rule in 1 file/);
    expect(commandsIn(outcome.err)).toEqual([]);
  });

  test('annotates a case that fails once, whatever the targets, at its name', () => {
    const cwd = projectOf({ 'detections/a.yml': goodRule, 'detections/a.test.yaml': failingTest });
    const outcome = siemc(['test', '--format', 'github'], { cwd });
    expect(outcome.code).toBe(1);
    const errors = commandsIn(outcome.out).filter(({ name }) => name === 'error');
    expect(errors).toEqual([
      {
        name: 'error',
        properties: {
          file: 'detections/a.test.yaml',
          line: '2',
          endLine: '2',
          col: '11',
          endColumn: expect.any(String),
          title: 'failed on sigma, splunk, sentinel, chronicle',
        },
        data: `Image created\n${shown}: expected no match, got 1 alert`,
      },
    ]);
    expect(commandsIn(outcome.err)).toEqual([]);
  });

  test("annotates why a target refuses a rule at the rule's line", () => {
    const rule = goodRule.replace('    errorCode|exists: true', '    errorCode|re: ^a(?=b)');
    const cwd = projectOf({ 'detections/a.yml': rule, 'detections/a.test.yaml': goodTest });
    const outcome = siemc(['test', '--format', 'github'], { cwd });
    expect(outcome.code).toBe(1);
    expect(commandsIn(outcome.out)[0]?.properties['file']).toBe('detections/a.yml');
  });

  test('says how many annotations GitHub leaves out, and all in a summary that fits', {
    timeout: 120_000,
  }, () => {
    const fields = Array.from({ length: 1500 }, (_, n) => `    "fi|eld ${n} <b> ::x": a\n`);
    const rule = goodRule.replace('    eventName: CreateImage\n', fields.join(''));
    const cwd = projectOf({ 'detections/a.yml': rule });
    const place = join(cwd, 'summary.md');
    const args = ['check', '--format', 'github', '--report', 'json=all.json'];
    const outcome = siemc(args, { cwd, env: { GITHUB_STEP_SUMMARY: place } });
    const { summary } = JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8'));
    expect(outcome.err).toContain(
      `GitHub shows 10 annotations of a kind for each step: ${summary.errors - 10} more errors stand in the log only.`,
    );
    const first = readFileSync(place, 'utf8');
    expect(first).toMatch(/^### siemc check\n\n1 rule in 1 file, 0 test files: \d+ errors, /);
    expect(first).toMatch(/\nAnd \d+ more, which the log has\.\n\n$/);
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(256 * 1024);
    expect(first).not.toContain('<b>');
    for (const line of first.split('\n').filter((one) => one.startsWith('| error')))
      expect(line.replaceAll('\\|', '').split('|')).toHaveLength(5);
    const most = 1024 * 1024;
    const before = 'x'.repeat(most - 20_000);
    writeFileSync(place, before);
    siemc(args, { cwd, env: { GITHUB_STEP_SUMMARY: place } });
    const all = readFileSync(place, 'utf8');
    expect(all.startsWith(`${before}### siemc check\n`)).toBe(true);
    expect(Buffer.byteLength(all)).toBeLessThanOrEqual(most);
    expect(Buffer.byteLength(all)).toBeGreaterThan(most - 2_000);
  });

  test('of build --check folds the difference, no line of which is a command', () => {
    const cwd = projectOf({ 'detections/made.yml': goodRule });
    siemc(['build', '-q'], { cwd });
    const page = join(cwd, 'dist-rules/pages/made.md');
    const lines = [' ::add-mask::a', '::stop-commands::b', 'x ##[set-output name=a]b'];
    writeFileSync(page, `${lines.join('\n')}\n${readFileSync(page, 'utf8')}`);
    const outcome = siemc(['build', '--check', '--format', 'github'], { cwd });
    expect(outcome.code).toBe(1);
    expect(commandsIn(outcome.out).map(({ name }) => name)).toEqual(['error', 'group', 'endgroup']);
    const pretty = siemc(['build', '--check'], { cwd, env: { GITHUB_ACTIONS: 'true' } });
    expect(commandsIn(pretty.out + pretty.err)).toEqual([]);
    expect(siemc(['build', '--check'], { cwd, env: { GITHUB_ACTIONS: '' } }).out).toContain(
      '##[set-output name=a]b',
    );
  });

  test('of pretty output in a log that the runner reads, no line is a command either', () => {
    const rule = badRule.replace('title:', 'title: "a\\n::error::b"\nx:');
    const cwd = projectOf({ 'detections/::warning::.yml': rule, [oddName]: badRule });
    for (const args of [
      ['check'],
      ['test'],
      ['build', '--check'],
      ['check', 'detections/##[add-mask]x'],
    ]) {
      const { out, err } = siemc(args, { cwd, env: { GITHUB_ACTIONS: 'true' } });
      expect(out + err).not.toBe('');
      expect(commandsIn(`${out}\n${err}`), args.join(' ')).toEqual([]);
    }
  });
});

describe('--format junit', () => {
  let xml = '';
  let cwd = '';
  beforeAll(() => {
    cwd = projectOf({
      'detections/a.yml': goodRule.replace('Image created', title),
      'detections/a.test.yaml': failingTest,
      'detections/b.yml': goodRule
        .replace('11111111', '21111111')
        .replace('Image created', 'Other'),
      'detections/b.test.yaml': `${goodTest}  - name: made (native)
    expect: match
    events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage }]
`,
      [oddName]: badRule,
    });
    const outcome = siemc(['test', '--format', 'junit'], { cwd });
    expect(outcome.code).toBe(1);
    xml = outcome.out;
    expect(outcome.err).toMatch(/test: 3 rules, 3 targets, /);
  });

  test('is valid, a suite for each rule and a test for each case and target', async () => {
    expect(await junitProblems(xml)).toEqual([]);
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="siemc test" tests="22" failures="4" errors="2">\n/,
    );
    const names = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(
      ([, of, name]) => `${of} ${name}`,
    );
    expect(names).toHaveLength(22);
    expect(new Set(names).size).toBe(22);
    expect(names).toContain('detections/b made on chronicle');
    expect(xml).toContain(
      '<failure type="failed" message="expected no match, got 1 alert">detections/a.test.yaml:2:11: expected no match, got 1 alert</failure>',
    );
  });

  test('counts what stopped cases as errors, at its place', () => {
    expect(xml).toContain(
      `name="plan/unknown-field at ${oddName}:5:5">\n      <error type="plan/unknown-field"`,
    );
  });

  test('has nothing in it that XML has no place for, and shows what was there', () => {
    const inXml = shown
      .replaceAll('\ufffe', '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;');
    expect(xml).toContain(`name="${inXml} on splunk"`);
    expect(xml).toContain(`<testsuite name="${inXml} (detections/a.yml)" `);
  });

  test('is the same on every run', () => {
    expect(siemc(['test', '--format', 'junit'], { cwd }).out).toBe(xml);
  });

  test('of a project without tests is valid, too', async () => {
    const empty = projectOf({ 'detections/a.yml': goodRule });
    const outcome = siemc(['test', '--format', 'junit'], { cwd: empty });
    expect(await junitProblems(outcome.out)).toEqual([]);
    expect(outcome.out).toContain('tests="0" failures="0" errors="0"');
    expect(outcome.code).toBe(0);
  });
});

test('--format gitlab is a Code Quality report', () => {
  const cwd = projectOf({ [oddName]: badRule }, 'deep');
  const outcome = siemc(['check', '--format', 'gitlab'], { cwd });
  const entries: readonly Record<string, unknown>[] = JSON.parse(outcome.out);
  expect(entries[1]).toEqual({
    description: 'AWS CloudTrail has no field "eventNam". Did you mean "eventName"?',
    check_name: 'plan/unknown-field',
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    severity: 'major',
    location: { path: `deep/${oddName}`, lines: { begin: 5 } },
  });
  expect(new Set(entries.map((one) => one['fingerprint'])).size).toBe(entries.length);
  const clean = projectOf({ 'detections/a.yml': goodRule });
  expect(siemc(['check', '--format', 'gitlab'], { cwd: clean }).out).toBe('[]\n');
});

describe('--report', () => {
  test('writes other forms of the same run, and leaves standard output to --format', async () => {
    const cwd = projectOf({ 'detections/a.yml': goodRule, 'detections/a.test.yaml': failingTest });
    const args = ['--report', 'junit=out/tests.xml', '--report', 'json=out/tests.json'];
    const outcome = siemc(['test', '--format', 'github', ...args], { cwd });
    expect(outcome.code).toBe(1);
    expect(outcome.out).toBe(siemc(['test', '--format', 'github'], { cwd }).out);
    const xml = readFileSync(join(cwd, 'out/tests.xml'), 'utf8');
    expect(await junitProblems(xml)).toEqual([]);
    expect(xml).toBe(siemc(['test', '--format', 'junit'], { cwd }).out);
    expect(readFileSync(join(cwd, 'out/tests.json'), 'utf8')).toBe(
      siemc(['test', '--format', 'json'], { cwd }).out,
    );
    siemc(['check', '--report', 'sarif=a.sarif', '--report', 'gitlab=q.json'], { cwd });
    expect(readFileSync(join(cwd, 'a.sarif'), 'utf8')).toBe(
      siemc(['check', '--format', 'sarif'], { cwd }).out,
    );
  });

  test.for([
    [['check', '--report', 'sarif'], 'It is format=file, of json, sarif, gitlab.'],
    [['check', '--report', 'xml=a'], 'It is format=file, of json, sarif, gitlab.'],
    [['check', '--report', 'json=a', '--report', 'sarif=a'], 'Another report goes to that file.'],
    [['check', '--report', 'json=detections'], '--report "detections" is no regular file.'],
    [['check', '--report', 'json=/dev/null'], '--report "/dev/null" is no regular file.'],
    [['build', '--report', 'json=a'], '"--report" is about what build --check finds'],
    [['test', '--mutate', '--report', 'json=a'], 'What --mutate finds is told as "pretty" or'],
    [['test', '--mutate', '--format', 'junit'], 'What --mutate finds is told as "pretty" or'],
  ] as const)('refuses %j', ([args, says]) => {
    const cwd = projectOf({ 'detections/a.yml': goodRule });
    const outcome = siemc(args, { cwd });
    expect(outcome.err).toContain(says);
    expect(outcome.out).toBe('');
    expect(outcome.code).toBe(2);
    expect(existsSync(join(cwd, 'a'))).toBe(false);
  });
});
