import { spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutCode, withoutFences } from '../support/markdown.ts';
import { bin, folderOf, goodRule, goodTest, type Outcome, siemc } from './siemc.ts';

const who = {
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

type Files = Readonly<Record<string, string>>;

function git(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd,
    env: { ...process.env, ...who },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function commit(cwd: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', 'A change');
}

function write(cwd: string, files: Readonly<Record<string, string | undefined>>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(cwd, path));
    else {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
  }
}

/** A repository with these files, committed. */
function repository(files: Files): string {
  const cwd = folderOf(files);
  git(cwd, 'init', '-q', '-b', 'main');
  commit(cwd);
  return cwd;
}

/** A rule of a title with an id of its own. */
function ruleOf(n: number, event: string, more = ''): string {
  return `title: Rule ${n}
id: ${String(n).padStart(8, '0')}-2222-4333-8444-555555555555
name: rule_${n}
status: test
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    eventSource: ec2.amazonaws.com
    eventName: ${event}
  condition: selection
level: low
${more}`;
}

const project: Files = {
  'siemc.config.yml': 'targets: [splunk, sentinel, chronicle]\n',
  'detections/made.yml': goodRule,
  'detections/made.test.yaml': goodTest,
  'detections/a.yml': ruleOf(1, 'CopyImage'),
  'detections/b.yml': ruleOf(2, 'DeregisterImage'),
};

// biome-ignore lint/suspicious/noExplicitAny: the tests look at parts of the JSON that they know.
type Json = any;

/** The JSON of a comparison; both ways of making it have to agree. */
function diffOf(cwd: string, args: readonly string[] = ['HEAD']): Json {
  const { code, out, err } = siemc(['diff', ...args, '--format', 'json'], { cwd });
  expect(code, err).toBeLessThan(2);
  const whole = siemc(['diff', ...args, '--format', 'json', '--whole'], { cwd });
  expect(whole.out).toBe(out);
  return JSON.parse(out);
}

function told(cwd: string, ...args: readonly string[]): Outcome {
  return siemc(['diff', ...args], { cwd });
}

function leftovers(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('siemc-diff-'));
}

describe('what is compared', () => {
  test('nothing differs: nothing is told, and the exit code is 0', () => {
    const cwd = repository(project);
    const diff = diffOf(cwd);
    expect(diff).toMatchObject({
      rules: [],
      groups: [],
      flips: [],
      tests: [],
      findings: [],
      inputs: [],
    });
    expect(told(cwd, 'HEAD', '--exit-code')).toMatchObject({ code: 0 });
    expect(told(cwd, 'HEAD').out).toContain('No rule, query or verdict differs.');
  });

  test('the work tree, revisions and folders say the same', () => {
    const cwd = repository(project);
    write(cwd, { 'detections/a.yml': ruleOf(1, 'CreateImage') });
    const fromTree = diffOf(cwd);
    const before = folderOf(project);
    const fromFolders = diffOf(cwd, [before, '.']);
    commit(cwd);
    const fromRevisions = diffOf(cwd, ['HEAD~1', 'HEAD']);
    const rest = ({ base: _, head: __, ...others }: Json): Json => others;
    expect(rest(fromRevisions)).toEqual(rest(fromTree));
    expect(rest(fromFolders)).toEqual(rest(fromTree));
    expect(fromRevisions.base).toEqual({
      name: 'HEAD~1',
      commit: git(cwd, 'rev-parse', 'HEAD~1'),
      exists: true,
    });
    expect(fromTree.rules.map(({ title }: Json) => title)).toEqual(['Rule 1']);
  });

  test('the work tree stays as it is, and no temporary folder stays', () => {
    const cwd = repository(project);
    write(cwd, { 'detections/a.yml': ruleOf(1, 'CreateImage') });
    const temporary = folderOf({});
    const before = git(cwd, 'status', '--porcelain');
    const { code } = siemc(['diff', 'HEAD'], { cwd, env: { TMPDIR: temporary } });
    expect(code).toBe(0);
    expect(git(cwd, 'status', '--porcelain')).toBe(before);
    expect(leftovers(temporary)).toEqual([]);
  });

  test('a signal removes the temporary folder, too', async () => {
    const cwd = repository({ ...project, ...manyRules(300) });
    write(cwd, { 'siemc.config.yml': 'targets: [splunk]\n' });
    const temporary = folderOf({});
    const child = spawn(process.execPath, [bin, 'diff', 'HEAD'], {
      cwd,
      env: { ...process.env, TMPDIR: temporary },
      stdio: 'ignore',
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('exit', (_, signal) => resolve(signal)),
    );
    while (leftovers(temporary).length === 0) await new Promise((go) => setTimeout(go, 5));
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
    expect(leftovers(temporary)).toEqual([]);
  });

  test('a project that is not at the top of the repository, from a folder in it', () => {
    const cwd = repository(
      Object.fromEntries(Object.entries(project).map(([path, text]) => [`siem/${path}`, text])),
    );
    write(cwd, { 'siem/detections/a.yml': ruleOf(1, 'CreateImage') });
    const [rule] = diffOf(join(cwd, 'siem')).rules;
    expect(rule.path).toBe('detections/a.yml');
    const fromTop = diffOf(cwd, ['HEAD', '-c', 'siem/siemc.config.yml']).rules;
    expect(fromTop.map(({ path }: Json) => path)).toEqual(['siem/detections/a.yml']);
  });

  test('in a hook of a work tree beside, from a folder in it', () => {
    const cwd = repository(
      Object.fromEntries(Object.entries(project).map(([path, text]) => [`siem/${path}`, text])),
    );
    write(cwd, { 'siem/detections/a.yml': ruleOf(1, 'CreateImage') });
    // What git tells a hook there.
    const env = { GIT_DIR: join(cwd, '.git'), GIT_INDEX_FILE: join(cwd, '.git/index') };
    const args = ['diff', 'HEAD', '--format', 'json'];
    const { code, out, err } = siemc(args, { cwd: join(cwd, 'siem'), env });
    expect([code, err]).toEqual([0, expect.anything()]);
    expect(JSON.parse(out)).toEqual(diffOf(join(cwd, 'siem')));
  });

  test('without a project on the base everything is added', () => {
    const cwd = repository({ 'readme.md': 'Nothing yet.\n' });
    write(cwd, project);
    const diff = diffOf(cwd);
    expect(diff.base.exists).toBe(false);
    expect(diff.rules.map(({ state }: Json) => state)).toEqual(['added', 'added', 'added']);
    expect(told(cwd, 'HEAD').err).toContain('HEAD has no project here: everything is added');
  });

  test('line ends of a checkout are no difference', () => {
    const cwd = repository(project);
    write(cwd, { 'detections/a.yml': ruleOf(1, 'CopyImage').replaceAll('\n', '\r\n') });
    expect(diffOf(cwd).inputs).toEqual([]);
  });

  test('links in a revision are told and not followed', () => {
    const secret = folderOf({ 'x.yml': ruleOf(9, 'Secret') });
    const cwd = repository(project);
    symlinkSync(join(secret, 'x.yml'), join(cwd, 'detections/link.yml'));
    commit(cwd);
    const { err, out, code } = told(cwd, 'HEAD', '--format', 'json');
    expect(code).toBe(0);
    expect(err).toContain('detections/link.yml warning');
    expect(out + err).not.toContain('Secret');
  });
});

describe('calls that can do nothing', () => {
  const cwd = repository(project);
  const cases: readonly (readonly [readonly string[], string, number])[] = [
    [['nowhere'], '"nowhere" is neither a folder nor a revision', 2],
    [['./nowhere'], '"./nowhere" is no folder.', 2],
    [['--', '--upload-pack=touch x'], 'is no revision: it begins with "-"', 2],
    [['HEAD:detections'], 'neither a folder nor a revision', 2],
    [['HEAD..HEAD'], 'neither a folder nor a revision', 2],
    [['HEAD', '--max-length', '9'], 'whole number from', 2],
    [['HEAD', '-t', 'nothing'], 'There is no target "nothing"', 2],
    [[''], 'The base has no name', 2],
  ];
  test.each(cases)('%j', (args, message, code) => {
    const outcome = told(cwd, ...args);
    expect(outcome.err).toContain(message);
    expect(outcome).toMatchObject({ code, out: '' });
    expect(outcome.err).not.toMatch(/^\s+at /m);
  });

  test('no repository, no git, no project', () => {
    const folder = folderOf(project);
    expect(told(folder, 'HEAD')).toMatchObject({ code: 2 });
    expect(told(folder, 'HEAD').err).toContain("isn't in the work tree of a git repository");
    const bare = siemc(['diff', 'HEAD'], { cwd, env: { PATH: folder } });
    expect(bare).toMatchObject({ code: 4 });
    expect(bare.err).toContain("git isn't installed");
    expect(told(cwd, folderOf({}))).toMatchObject({ code: 2 });
  });

  test('a folder of the project is not compared with the project that it is in', () => {
    const own = repository({ ...project, 'docs/readme.md': 'Read.\n' });
    git(own, 'branch', 'docs');
    write(own, { 'detections/a.yml': ruleOf(1, 'CreateImage') });
    const { code, err } = told(own, 'docs');
    expect([code, err]).toEqual([2, expect.stringContaining('"docs" holds no project')]);
    expect(err).toContain('A branch of that name is "refs/heads/docs".');
    expect(told(own, 'refs/heads/docs', '--exit-code').code).toBe(1);
  });

  test('an error that the head alone has is 1, one that both have is 0', () => {
    const bad = {
      'detections/a.yml': ruleOf(1, 'CopyImage').replace(
        'condition: selection',
        'condition: nothing',
      ),
    };
    const own = repository(project);
    write(own, bad);
    const outcome = told(own, 'HEAD');
    expect(outcome.code).toBe(1);
    expect(outcome.err).toContain('detections/a.yml:');
    commit(own);
    write(own, { 'detections/a.yml': `${bad['detections/a.yml']}author: Ana\n` });
    expect(told(own, 'HEAD').code).toBe(0);
  });

  test('--exit-code tells that anything differs', () => {
    const own = repository(project);
    write(own, { 'detections/a.yml': ruleOf(1, 'CopyImage').replace('level: low', 'level: high') });
    expect(told(own, 'HEAD').code).toBe(0);
    expect(told(own, 'HEAD', '--exit-code').code).toBe(1);
  });
});

function manyRules(count: number): Files {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `detections/many/${n}.yml`,
      ruleOf(1000 + n, `E${n}`),
    ]),
  );
}

describe('what is told of rules', () => {
  test('added, removed, moved, and what they say otherwise', () => {
    const settings = `siemc:
  version: 1.0.0
  schedule: { every: 5m, delay: 10m }
  entities: { account: userIdentity.arn }
`;
    const cwd = repository({ ...project, 'detections/a.yml': ruleOf(1, 'CopyImage', settings) });
    mkdirSync(join(cwd, 'detections/sub'));
    renameSync(join(cwd, 'detections/b.yml'), join(cwd, 'detections/sub/b.yml'));
    write(cwd, {
      'detections/made.yml': undefined,
      'detections/made.test.yaml': undefined,
      'detections/c.yml': ruleOf(3, 'RunInstances'),
      'detections/a.yml': ruleOf(
        1,
        'CopyImage',
        settings
          .replace('every: 5m', 'every: 10m')
          .replace('account: userIdentity.arn', 'account: userIdentity.arn, ip: sourceIPAddress'),
      ).replace('level: low', 'level: high\ntags: [attack.impact]'),
    });
    const { rules, findings } = diffOf(cwd);
    expect(rules.map(({ path, state, movedFrom }: Json) => [path, state, movedFrom])).toEqual([
      ['detections/a.yml', 'changed', null],
      ['detections/c.yml', 'added', null],
      ['detections/made.yml', 'removed', null],
      ['detections/sub/b.yml', 'changed', 'detections/b.yml'],
    ]);
    expect(rules[0].effects).toEqual([
      { kind: 'value', what: 'level', destination: null, before: 'low', after: 'high' },
      { kind: 'value', what: 'every', destination: null, before: '5m', after: '10m' },
      { kind: 'value', what: 'lookback', destination: null, before: '20m', after: '30m' },
      {
        kind: 'list',
        what: 'entities',
        destination: null,
        removed: [],
        added: ['ip: sourceIPAddress'],
      },
      { kind: 'list', what: 'tags', destination: null, removed: [], added: ['attack.impact'] },
    ]);
    // An alert shows more: that is meaning.
    expect(findings.map(({ code }: Json) => code)).toEqual(['diff/version']);
  });

  test('a text of several lines is told in one', () => {
    const about = (text: string): string => ruleOf(1, 'CopyImage', `description: |\n  ${text}\n`);
    const cwd = repository({ ...project, 'detections/a.yml': about('Says\n\n  this.') });
    write(cwd, { 'detections/a.yml': about('Says\n  that.') });
    expect(told(cwd, 'HEAD').out).toContain('\n    - Says this.\n    + Says that.\n');
  });

  test('a higher version is a meaning that changed with notice', () => {
    const versioned = (event: string, version: string): string =>
      ruleOf(1, event, `siemc: { version: ${version} }\n`);
    const cwd = repository({ ...project, 'detections/a.yml': versioned('CopyImage', '1.9.0') });
    write(cwd, { 'detections/a.yml': versioned('CreateImage', '1.10.0') });
    expect(diffOf(cwd).findings).toEqual([]);
    write(cwd, { 'detections/a.yml': versioned('CreateImage', '1.8.0') });
    expect(diffOf(cwd).findings).toMatchObject([{ code: 'diff/version', severity: 'warning' }]);
  });

  test('a target that refuses the rule now, and why', () => {
    const cwd = repository(project);
    const rule = ruleOf(1, 'CopyImage').replace(
      'eventName: CopyImage',
      "eventName|re: '(a*)*b'\n    errorMessage: ''",
    );
    write(cwd, { 'detections/a.yml': rule });
    const effects: Json[] = diffOf(cwd).rules[0].effects;
    const refused = effects.filter(
      ({ kind, after }) => kind === 'query' && after.status === 'refused',
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const { before, after } of refused) {
      expect(before.status).toBe('query');
      expect(after.reasons[0].code).toMatch(/^[a-z]+\/[a-z-]+$/);
    }
  });

  test('correlations and filters carry a change to rules that did not change', () => {
    const correlation = `title: Many copies
id: 77777777-2222-4333-8444-555555555555
correlation: { type: event_count, rules: [rule_1], group-by: [userIdentity.arn], timespan: 10m, condition: { gte: 5 } }
`;
    const filter = (event: string): string => `title: Not ours
id: 88888888-2222-4333-8444-555555555555
logsource: { product: aws, service: cloudtrail }
filter:
  rules: [rule_2]
  selection: { userAgent: ${event} }
  condition: not selection
`;
    const cwd = repository({
      ...project,
      'detections/many.yml': correlation,
      'detections/filter.yml': filter('a'),
    });
    write(cwd, { 'detections/a.yml': ruleOf(1, 'CreateImage') });
    expect(diffOf(cwd).rules.map(({ path }: Json) => path)).toEqual([
      'detections/a.yml',
      'detections/many.yml',
    ]);
    commit(cwd);
    write(cwd, { 'detections/filter.yml': filter('b') });
    expect(diffOf(cwd).rules.map(({ path }: Json) => path)).toEqual(['detections/b.yml']);
    commit(cwd);
    write(cwd, { 'detections/many.yml': undefined });
    const standing = diffOf(cwd).rules.map(({ path, state }: Json) => [path, state]);
    expect(standing).toEqual([
      ['detections/a.yml', 'changed'],
      ['detections/many.yml', 'removed'],
    ]);
  });
});

describe('edits that queries have alike', () => {
  const rules = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [
      `detections/r${n}.yml`,
      ruleOf(100 + n, `Event${n}`)
        .replace('  condition:', '  from:\n    sourceIPAddress: 203.0.113.7\n  condition:')
        .replace('condition: selection', 'condition: selection and not from'),
    ]),
  );
  const config = 'targets: [splunk, sentinel]\nmappings: [logs]\n';
  const mapping = (path: string): string =>
    `target: sentinel
source: aws/cloudtrail
scope: { table: Ours_CL }
fields:
  sourceIPAddress: { path: ${path}, evidence: documented, basis: ours }
`;

  test('one edit of a mapping is one group, with every query that it changes', () => {
    const cwd = repository({
      'siemc.config.yml': config,
      ...rules,
      'logs/m.yml': mapping('SourceIpAddress'),
    });
    write(cwd, {
      'logs/m.yml': mapping('CallerAddress'),
      'detections/r3.yml': (rules['detections/r3.yml'] ?? '').replace('Event3', 'Event33'),
    });
    const { groups, rules: changed, summary } = diffOf(cwd);
    expect(groups).toHaveLength(1);
    expect(groups[0].destination).toBe('sentinel');
    expect(groups[0].rules).toHaveLength(12);
    expect(groups[0].edits).toEqual([{ removed: 'SourceIpAddress', added: 'CallerAddress' }]);
    expect(summary.queries.sentinel.changed).toBe(12);
    const third = changed.find(({ path }: Json) => path === 'detections/r3.yml');
    const onSentinel = third.queries.find(({ destination }: Json) => destination === 'sentinel');
    expect(onSentinel.edits).toContainEqual({
      removed: '"Event3"',
      added: '"Event33"',
      group: null,
    });
    const { out } = told(cwd, 'HEAD', '--format', 'markdown');
    expect(out).toContain('Alike in 12 queries on sentinel');
    expect(out.match(/<details><summary><code>Rule /g)).toHaveLength(2);
  });

  test('a tunable, a list and a window of the configuration reach the queries', () => {
    const listed = ruleOf(1, 'CopyImage').replace(
      'eventName: CopyImage',
      "eventName|expand: '%names%'",
    );
    const cwd = repository({
      'siemc.config.yml': 'targets: [splunk]\nlists: { names: { inline: true } }\n',
      'detections/a.yml': listed,
      'detections/lists/names.txt': '# kind: string\nCopyImage\n',
    });
    write(cwd, { 'detections/lists/names.txt': '# kind: string\nCopyImage\nCreateImage\n' });
    const { inputs, rules: changed } = diffOf(cwd);
    expect(inputs).toEqual([
      { path: 'detections/lists/names.txt', kind: 'list', state: 'changed' },
    ]);
    expect(changed[0].queries[0].edits).toHaveLength(1);
  });

  test('entries of a list that the SIEM keeps are told, twenty at most', () => {
    const listed = ruleOf(1, 'CopyImage').replace(
      'eventName: CopyImage',
      "eventName|expand: '%names%'",
    );
    const list = (...names: readonly string[]): Record<string, string> => ({
      'detections/lists/names.txt': ['# kind: string', ...names, ''].join('\n'),
    });
    const cwd = repository({ 'detections/a.yml': listed, ...list('CopyImage', 'CreateImage') });
    write(cwd, list('CopyImage', 'ImportImage'));
    const what = 'entries of the list "names"';
    const [rule] = diffOf(cwd).rules;
    expect(rule.effects).toEqual([
      { kind: 'list', what, destination: null, removed: ['CreateImage'], added: ['ImportImage'] },
    ]);
    expect(rule.queries).toEqual([]);
    write(
      cwd,
      list('CopyImage', 'CreateImage', ...Array.from({ length: 30 }, (_, n) => `Made${n}`)),
    );
    const [effect] = diffOf(cwd).rules[0].effects;
    expect(effect.added).toHaveLength(21);
    expect(effect.added.at(-1)).toBe('… and 10 more');
  });
});

test('destinations of one target have their own queries, values and verdicts', () => {
  const rule = ruleOf(
    1,
    'CopyImage',
    'siemc:\n  tunables: { event: detection.selection.eventName }\n',
  );
  const config = (event: string): string => `targets: [splunk]
destinations:
  splunk-east: { target: splunk }
  splunk-west: { target: splunk, tunables: { rule_1: { event: ${event} } } }
`;
  const cwd = repository({
    'siemc.config.yml': config('CreateImage'),
    'detections/a.yml': rule,
    'detections/a.test.yaml': `cases:
  - { name: imported, expect: no match, events: [{ eventSource: ec2.amazonaws.com, eventName: ImportImage }] }
`,
  });
  write(cwd, { 'siemc.config.yml': config('ImportImage') });
  const { rules, flips, tests, findings } = diffOf(cwd);
  expect(rules[0].queries.map(({ destination }: Json) => destination)).toEqual(['splunk-west']);
  expect(flips).toMatchObject([
    { case: 'imported', targets: ['splunk-west'], before: 0, after: 1 },
  ]);
  expect([tests, findings]).toEqual([[], []]);
});

describe('verdicts', () => {
  test('cases of either side that come out otherwise, and tests that fail now', () => {
    const cwd = repository(project);
    write(cwd, {
      'detections/made.yml': goodRule.replace('selection and not filter', 'selection'),
      'detections/made.test.yaml': goodTest.replace('name: failed', 'name: denied'),
    });
    const { flips, tests } = diffOf(cwd);
    const targets = ['sigma', 'splunk', 'sentinel', 'chronicle'];
    const rule = {
      id: '11111111-2222-4333-8444-555555555555',
      title: 'Image created',
      path: 'detections/made.yml',
    };
    expect(flips).toEqual([
      { rule, case: 'denied', tests: 'head', targets, expected: 'none', before: 0, after: 1 },
      { rule, case: 'failed', tests: 'base', targets, expected: 'none', before: 0, after: 1 },
    ]);
    expect(tests).toMatchObject([
      { case: 'denied', before: null, after: { status: 'failed', actual: 1 } },
    ]);
  });

  test('a sample that changed', () => {
    const sampled = goodTest.replace(
      'events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage }]',
      'events: [{ $sample: made.json }]',
    );
    const sample = (name: string): string =>
      JSON.stringify({ eventSource: 'ec2.amazonaws.com', eventName: name });
    const cwd = repository({
      ...project,
      'detections/made.test.yaml': sampled,
      'detections/samples/made.json': sample('CreateImage'),
    });
    write(cwd, { 'detections/samples/made.json': sample('DeleteImage') });
    const { tests, flips, rules } = diffOf(cwd);
    expect([flips, rules]).toEqual([[], []]);
    expect(tests).toMatchObject([
      {
        case: 'made',
        before: { status: 'passed', actual: 1 },
        after: { status: 'failed', actual: 0 },
      },
    ]);
  });
});

describe('what people see', () => {
  const evil =
    '`</code></summary><script>alert(1)</script> [x](https://evil.example) @everyone #1 | <img src=x> ```';
  const cwd = repository(project);
  write(cwd, {
    'detections/a.yml': ruleOf(1, 'CopyImage')
      .replace('title: Rule 1', `title: '${evil}'`)
      .replace('eventName: CopyImage', 'eventName: "````\\n\\n</details><script>x</script>"'),
    'detections/made.yml': goodRule
      .replace('title: Image created', `title: '${evil} 2'`)
      .replace('CreateImage', 'CopyImage'),
    'detections/made.test.yaml': goodTest.replace('name: made', `name: '${evil}'`),
  });

  test('no rule injects into Markdown', () => {
    const { out } = told(cwd, 'HEAD', '--format', 'markdown');
    expect(out.startsWith('<!-- siemc diff -->\n')).toBe(true);
    const blocks = withoutFences(out);
    const html = blocks.filter((line) => line.startsWith('<'));
    for (const line of html.slice(1)) {
      const plain = line.replace(/<code>[^<>]*<\/code>/g, '');
      expect(plain).toMatch(/^(<details><summary>(As in )?[^<>[\]@#]*<\/summary>|<\/details>)$/);
    }
    const texts = blocks
      .filter((line) => !line.startsWith('<'))
      .map(withoutCode)
      .join('\n');
    expect(texts).not.toMatch(/(?<!\\)[<[]|@everyone|#1/);
    const rows = blocks.filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(8);
    expect(new Set(rows.map((row) => row.match(/(?<!\\)\|/g)?.length))).toEqual(new Set([5, 8]));
  });

  test('no rule injects into HTML, and the page asks nobody for anything', () => {
    const { out } = told(cwd, 'HEAD', '--format', 'html');
    expect(out).not.toMatch(/<script|<img|src=|url\(|@import|<link/i);
    expect(out).toContain('&lt;script&gt;');
    expect(out).toContain("default-src 'none'");
    expect(out.match(/<summary/g)?.length).toBe(out.match(/<\/summary>/g)?.length);
  });

  test('control characters do not reach a terminal', () => {
    const own = repository(project);
    write(own, {
      'detections/a.yml': ruleOf(1, 'CopyImage').replace('title: Rule 1', 'title: "\\e[31mred"'),
    });
    expect(told(own, 'HEAD').out).not.toContain('\u001b');
  });

  test('a comment that is too long is cut, the most important stays, and the cut is told', () => {
    const own = repository({ ...project, ...manyRules(120) });
    write(
      own,
      Object.fromEntries(
        Object.entries(manyRules(120)).map(([path, text]) => [
          path,
          text.replace(/eventName: E(\d+)/, 'eventName: F$1').replace('level: low', 'level: high'),
        ]),
      ),
    );
    write(own, { 'detections/made.yml': goodRule.replace('CreateImage', 'CopyImage') });
    for (const most of [1000, 5000, 60_000]) {
      const { out } = told(own, 'HEAD', '--format', 'markdown', '--max-length', String(most));
      expect(out.length).toBeLessThanOrEqual(most);
      if (most === 60_000) continue;
      expect(out).toContain(`> Cut to ${most} characters. Left out: `);
      expect(out).toMatch(/Left out: .*\d+ queries/);
      expect((out.match(/^`{3,}/gm) ?? []).length % 2).toBe(0);
    }
    const { out } = told(own, 'HEAD', '--format', 'markdown', '--max-length', '5000');
    expect(out).toContain('### Verdicts that flip');
  });

  test('-o writes a file', () => {
    const own = repository(project);
    write(own, { 'detections/a.yml': ruleOf(1, 'CreateImage') });
    const { out, code } = told(own, 'HEAD', '--format', 'html', '-o', 'out/diff.html');
    expect({ out, code }).toEqual({ out: '', code: 0 });
    expect(readFileSync(join(own, 'out/diff.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });
});

describe('only what a change can affect is compiled', () => {
  /** A small world of rules, correlations, filters and tests, by numbers. */
  const world = (given: readonly number[]): Files => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = given;
    const events = ['CopyImage', 'CreateImage', 'RunInstances'];
    const files: Record<string, string> = {
      'siemc.config.yml': 'targets: [splunk, sentinel]\n',
      'detections/r1.yml': ruleOf(1, events[a % 3] ?? ''),
      'detections/r2.yml': ruleOf(b === 2 ? 22 : 2, events[b % 3] ?? ''),
      'detections/r3.yml': ruleOf(3, 'StopInstances'),
      'detections/r4.yml': ruleOf(4, 'StartInstances'),
      'detections/r3.test.yaml': `cases: [{ name: one, expect: ${f === 1 ? 'no match' : 'match'}, events: [{ $sample: s.json }] }]\n`,
      'detections/samples/s.json': JSON.stringify({
        eventSource: 'ec2.amazonaws.com',
        eventName: f === 2 ? 'X' : 'StopInstances',
      }),
    };
    return { ...files, ...correlations(c, d), ...filters(e) };
  };
  const correlations = (c: number, d: number): Files => ({
    ...(c < 4 && {
      'detections/c1.yml': `title: First
id: 70000000-2222-4333-8444-555555555555
name: first
correlation: { type: temporal, rules: [${['rule_1', 'rule_2', 'rule_3'][c % 3]}, rule_4], group-by: [userIdentity.arn], timespan: 10m${c === 3 ? ', generate: true' : ''} }
`,
    }),
    ...(d < 3 && {
      'detections/c2.yml': `title: Second
id: 71000000-2222-4333-8444-555555555555
correlation: { type: event_count, rules: [${d === 2 ? 'nobody' : 'first'}], group-by: [userIdentity.arn], timespan: ${d + 1}h, condition: { gte: 3 } }
`,
    }),
  });
  const filters = (e: number): Files =>
    e === 0
      ? {}
      : {
          'detections/f.yml': `title: Filter
id: 72000000-2222-4333-8444-555555555555
logsource: { product: aws, service: cloudtrail }
filter:
  rules: ${['any', '[rule_3]', '[rule_22]', '[rule_1, rule_2]'][e - 1]}
  selection: { userAgent: ours }
  condition: ${e === 4 ? 'not nothing' : 'not selection'}
`,
        };
  const numbers = fc.tuple(...[3, 3, 5, 4, 5, 3].map((top) => fc.nat(top - 1)));

  // SIEMC_DIFF_RUNS=100 looks at more worlds.
  test('and that gives what comparing everything gives', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(numbers, numbers, (before, after) => {
        const [base, head] = [folderOf(world(before)), folderOf(world(after))];
        const run = (...more: readonly string[]): Json => {
          const { code, out, err } = siemc(['diff', base, '--format', 'json', '-q', ...more], {
            cwd: head,
          });
          expect(code, err).toBeLessThan(2);
          return { code, json: JSON.parse(out) };
        };
        expect(run()).toEqual(run('--whole'));
      }),
      { numRuns: Number(process.env['SIEMC_DIFF_RUNS'] ?? 4) },
    );
  });
});
