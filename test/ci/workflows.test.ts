import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderOf, goodRule, goodTest, siemc } from '../cli/siemc.ts';
import { problemsOf } from '../support/github-schemas.ts';
import { type Asked, withServer } from '../support/loopback.ts';
import { sarifProblems } from '../support/published-schemas.ts';
import { installSiemc, type Ran, runSteps, type Step } from '../support/run-steps.ts';
import { commandsIn } from '../support/workflow-commands.ts';

const actionPath = '.github/actions/siemc/action.yml';
const scaffoldPath = 'src/scaffold/files/dot-github/workflows/detections.yml';
const readme = readFileSync('docs/ci.md', 'utf8');
const example = /```yaml\n(name: detections[\s\S]*?)```/.exec(readme)?.[1] ?? '';
const publishing = readFileSync('docs/publishing.md', 'utf8');
const publishExample = /```yaml\n(name: publish[\s\S]*?)```/.exec(publishing)?.[1] ?? '';

const texts = [
  [actionPath, 'action', readFileSync(actionPath, 'utf8')],
  [scaffoldPath, 'workflow', readFileSync(scaffoldPath, 'utf8')],
  ['docs/ci.md', 'workflow', example],
  ['docs/publishing.md', 'workflow', publishExample],
] as const;

const stepsOf = (text: string, job?: string): readonly Step[] => {
  const { runs, jobs } = parse(text);
  return job === undefined
    ? (runs?.steps ?? Object.values(jobs as object).flatMap((one) => one.steps))
    : jobs[job].steps;
};

describe.for(texts)('%s', ([path, kind, text]) => {
  test('is as GitHub reads it', async () => {
    expect(await problemsOf(kind, text)).toEqual([]);
  });

  test('names each action by the SHA of a commit, the same everywhere', () => {
    const used = [...text.matchAll(/uses: (\S+)(?: # (\S+))?$/gm)].map(([, name, version]) => ({
      name,
      version,
    }));
    expect(used.length).toBe(stepsOf(text).filter(({ uses }) => uses !== undefined).length);
    for (const { name = '', version } of used) {
      expect(name).toMatch(/^[\w./-]+@[0-9a-f]{40}$/);
      if (name.startsWith('OWNER/')) continue;
      expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
      expect(pins[name.split('@')[0] ?? '']).toBe(`${name.split('@')[1]} ${version}`);
    }
  });

  test('has no expression in a script, and leaves what forks bring alone', () => {
    for (const { run = '', shell } of stepsOf(text)) {
      expect(run).not.toContain('${{');
      if (kind === 'action' && run !== '') expect(shell).toBe('bash');
    }
    expect(text.replace(/^\s*#.*$/gm, '')).not.toContain('pull_request_target');
    for (const { run = '' } of stepsOf(text))
      if (/npm (ci|install)/.test(run)) expect(run).toContain('--ignore-scripts');
    expect(path).not.toBe('');
  });
});

/** Each pair was found in public workflows of several repositories. */
const pins: Readonly<Record<string, string>> = {
  'actions/cache/restore': '0057852bfaa89a56745cba8c7296529d2fc39830 v4.3.0',
  'actions/cache/save': '0057852bfaa89a56745cba8c7296529d2fc39830 v4.3.0',
  'actions/checkout': '08c6903cd8c0fde910a37f88322edcfb5dd907a8 v5.0.0',
  'actions/setup-node': 'a0853c24544627f65ddf259abe73b1d18a591444 v5.0.0',
  'actions/download-artifact': 'd3f86a106a0bac45b974a628896c90dbdf5c8093 v4.3.0',
  'actions/upload-artifact': 'ea165f8d65b6e75b540449e92b4886f43607fa02 v4.6.2',
  'google-github-actions/auth': '7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 v3.0.0',
  'github/codeql-action/upload-sarif': 'cdefb33c0f6224e58673d9004f47f7cb3e328b89 v4.31.10',
};

test('jobs may no more than they use', () => {
  const { permissions, jobs } = parse(readFileSync(scaffoldPath, 'utf8'));
  expect(permissions).toEqual({ contents: 'read' });
  expect(jobs.ci.permissions).toBeUndefined();
  expect(jobs.diff.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  expect(jobs.diff.if).toContain("github.event_name == 'pull_request'");
  for (const job of Object.values(jobs) as {
    'timeout-minutes': number;
    steps: readonly Step[];
  }[]) {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(job.steps[0]).toMatchObject({ with: { 'persist-credentials': false } });
  }
});

test('a workflow that publishes plans as one who reads, and applies what was planned', () => {
  const { permissions, concurrency, jobs } = parse(publishExample);
  expect(permissions).toEqual({ contents: 'read' });
  expect(concurrency['cancel-in-progress']).toBe(false);
  const { plan, apply } = jobs;
  expect(plan.if).toContain('head.repo.full_name == github.repository');
  expect(apply.if).toContain("github.event_name == 'push'");
  expect(apply.needs).toBe('plan');
  expect([plan.environment, apply.environment]).toEqual(['siem-plan', 'siem-apply']);
  expect(apply.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const runs = (steps: readonly Step[]): string => steps.map(({ run = '' }) => run).join('\n');
  expect(runs(plan.steps)).toContain('siemc publish plan --format json -o plan.json');
  expect(runs(plan.steps)).not.toContain('publish apply');
  expect(runs(apply.steps)).toContain('siemc publish apply plan.json');
  const save = apply.steps.at(-1);
  expect([save.if, save.with.path]).toEqual([
    expect.stringContaining('always()'),
    '.siemc/publish',
  ]);
});

/** A pull request as it is checked out: its merge into main, which changes a rule and builds it, or doesn't. */
function pullRequest(built: boolean): string {
  const cwd = folderOf({
    'detections/made.yml': goodRule,
    'detections/made.test.yaml': goodTest,
    'siemc.config.yml': 'targets: [splunk, sentinel]\n',
    'package.json': '{"private":true}\n',
    'event.json': '{"pull_request":{"number":7}}',
    '.gitignore': 'event.json\nsummary.md\nsiemc-*\n',
  });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd,
      stdio: 'pipe',
    });
  installSiemc(cwd);
  siemc(['build', '-q'], { cwd });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'rules');
  git('checkout', '-qb', 'change');
  const rule = join(cwd, 'detections/made.yml');
  writeFileSync(rule, goodRule.replace('CreateImage', '[CreateImage, CopyImage]'));
  if (built) siemc(['build', '-q'], { cwd });
  git('commit', '-qam', 'also copies');
  git('checkout', '-q', 'main');
  git('merge', '-q', '--no-ff', '-m', 'merge', 'change');
  return cwd;
}

/** Runs the shell steps of a workflow or an action, in which the comments of a pull request are a server's. */
async function run(
  steps: readonly Step[],
  cwd: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ readonly ran: Readonly<Record<string, Ran>>; readonly posted: readonly Asked[] }> {
  const shell = steps.filter((one) => one.run !== undefined && !/npm (ci|install)/.test(one.run));
  let ran: readonly Ran[] = [];
  const asked = await withServer(
    ({ method }) => (method === 'GET' ? [200, []] : [201, {}]),
    async (address) => {
      const env = {
        GITHUB_API_URL: address,
        GITHUB_REPOSITORY: 'some/where',
        GITHUB_WORKSPACE: cwd,
        GITHUB_EVENT_PATH: join(cwd, 'event.json'),
        GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
        GITHUB_ACTION_PATH: resolve('.github/actions/siemc'),
      };
      ran = await runSteps(shell, cwd, { inputs, env });
    },
  );
  const names = shell.map((one) => one.name ?? one.id ?? one.run ?? '');
  const posted = asked.filter(({ method }) => method === 'POST');
  return { ran: Object.fromEntries(names.map((name, index) => [name, ran[index] as Ran])), posted };
}

describe('the action, run on a pull request', () => {
  const steps = stepsOf(readFileSync(actionPath, 'utf8'));
  let cwd = '';
  let outcome: Awaited<ReturnType<typeof run>> = { ran: {}, posted: [] };
  beforeAll(async () => {
    cwd = pullRequest(true);
    outcome = await run(steps, cwd, { comment: 'true', token: 'secret' });
  }, 120_000);

  test('passes, and gives its files', () => {
    for (const [name, { code, out }] of Object.entries(outcome.ran))
      expect(code, `${name}\n${out}`).toBe(0);
    const sarif = outcome.ran['Check rules and tests']?.outputs['sarif'] ?? '';
    expect(sarifProblems(JSON.parse(readFileSync(sarif, 'utf8')))).toEqual([]);
    const junit = outcome.ran['Run the tests']?.outputs['junit'] ?? '';
    expect(readFileSync(junit, 'utf8')).toContain('<testsuites name="siemc test" tests="6"');
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toMatch(
      /^### siemc check\n[\s\S]*### siemc build\n[\s\S]*### siemc test\n/,
    );
  });

  test('comments what the pull request does', () => {
    expect(outcome.ran['Say what the pull request does']?.outputs['same']).toBe('false');
    expect(outcome.posted).toMatchObject([
      {
        path: '/repos/some/where/issues/7/comments',
        headers: { authorization: 'Bearer secret' },
        body: { body: expect.stringMatching(/^<!-- siemc diff -->\n/) },
      },
    ]);
  });

  test('annotates what is stale, only checks the paths that it is given, and says where no base is', {
    timeout: 120_000,
  }, async () => {
    const stale = pullRequest(false);
    const { ran } = await run(steps, stale, {
      paths: 'detections/made.yml\n\n--help\n',
      comment: 'false',
    });
    const built = ran['Compare what is built with the rules'];
    expect(built?.code).toBe(1);
    expect(commandsIn(built?.out ?? '')[0]?.properties).toMatchObject({ title: 'build/changed' });
    expect(ran['Check rules and tests']?.out).toContain('--help');
    expect(ran['Check rules and tests']?.code).toBe(2);
    execFileSync('git', ['checkout', '-q', 'HEAD^1'], { cwd: stale });
    const none = (await run(steps, stale)).ran['Say what the pull request does'];
    expect(none?.code).toBe(2);
    expect(none?.out).toContain('::error title=siemc diff::HEAD is no merge commit');
  });
});

test("the jobs of a new repository's workflow pass on a pull request", {
  timeout: 120_000,
}, async () => {
  const cwd = pullRequest(true);
  const text = readFileSync(scaffoldPath, 'utf8');
  for (const job of ['ci', 'diff']) {
    const { ran, posted } = await run(stepsOf(text, job), cwd);
    for (const [name, { code, out }] of Object.entries(ran))
      expect(code, `${name}\n${out}`).toBe(0);
    expect(posted).toHaveLength(job === 'diff' ? 1 : 0);
    for (const { headers } of posted) expect(headers.authorization).toBe('Bearer secret');
  }
  expect(existsSync(join(cwd, 'siemc-tests.xml'))).toBe(true);
});

describe('docs/ci/gitlab-ci.yml', () => {
  const jobs = parse(readFileSync('docs/ci/gitlab-ci.yml', 'utf8'), { merge: true });

  test('has jobs of keys that GitLab knows, and reports that the commands write', () => {
    const known = [
      'image',
      'before_script',
      'extends',
      'rules',
      'script',
      'artifacts',
      'variables',
    ];
    for (const job of Object.values(jobs) as object[])
      expect(Object.keys(job).filter((key) => !known.includes(key))).toEqual([]);
    expect(jobs.siemc.artifacts.reports).toEqual({
      junit: 'siemc-tests.xml',
      codequality: 'gl-code-quality-report.json',
    });
  });

  test('runs all commands, and keeps the gravest exit code', { timeout: 120_000 }, async () => {
    const cwd = pullRequest(false);
    const step = (name: string): Step => ({ run: jobs[name].script.join('\n'), name });
    const first = await run([step('siemc')], cwd);
    expect(first.ran['siemc']?.code).toBe(1);
    expect(existsSync(join(cwd, 'siemc-tests.xml'))).toBe(true);
    expect(readFileSync(join(cwd, 'gl-code-quality-report.json'), 'utf8')).toBe('[]\n');
    execFileSync('git', ['checkout', '-q', '.'], { cwd });
    siemc(['build', '-q'], { cwd });
    expect((await run([step('siemc')], cwd)).ran['siemc']?.code).toBe(0);
    const base = { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD^1' };
    const second = await run([{ ...step('siemc-diff'), env: base }], cwd);
    expect(second.ran['siemc-diff']).toMatchObject({
      code: 0,
      out: expect.stringContaining('no note'),
    });
    expect(readdirSync(cwd)).toContain('siemc-diff.md');
    // In a pipeline of the merge with the target, what that has beside isn't of the merge request.
    const merged = {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: 'none',
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: 'HEAD^1',
    };
    const third = await run([{ ...step('siemc-diff'), env: merged }], cwd);
    expect(third.ran['siemc-diff']).toMatchObject({ code: 0 });
  });
});
