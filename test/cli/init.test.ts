import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { bin, folderOf, siemc } from './siemc.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** All files of a folder, links too. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const rulesOf = (folder: string): readonly string[] =>
  filesIn(folder).filter((path) => /^detections\/.*\.yml$/.test(path));
const textOf = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');
const idOf = (text: string): string => String(parseAllDocuments(text)[0]?.get('id'));

/** The three steps of continuous integration. */
function expectSound(cwd: string): void {
  const checked = siemc(['check'], { cwd });
  expect(checked.out + checked.err).toMatch(/^check: .* no findings/);
  const built = siemc(['build', '--check'], { cwd });
  expect(built.out + built.err).toMatch(/^build: .* current/);
  const tested = siemc(['test'], { cwd });
  expect(tested.err).toBe('');
  expect(tested.out).toMatch(/ 0 failed, 0 diverged, 0 refused/);
  expect([checked.code, built.code, tested.code]).toEqual([0, 0, 0]);
}

describe('a new repository', () => {
  const parent = folderOf({});
  const outcome = siemc(['init', 'deep/My Rules'], { cwd: parent });
  const cwd = join(parent, 'deep/My Rules');

  test('is made with its folder, and says what to do next', () => {
    expect(outcome.err).toBe('');
    expect(outcome.code).toBe(0);
    expect(outcome.out).toContain("cd 'deep/My Rules'");
    expect(outcome.out).toContain('npm run ci');
    const [install, orElse] = outcome.out
      .split('\n')
      .filter((line) => line.includes('npm install'));
    expect(install).toMatch(/^ {2}npm install --save-dev <path to siemc-[^ ]+\.tgz>$/);
    expect(orElse).toContain('if your own registry has siemc');
    expect(textOf(cwd, 'README.md')).toContain("isn't on the public npm registry");
    expect(filesIn(parent).every((path) => path.startsWith('deep/My Rules/'))).toBe(true);
  });

  test('has no findings, is built, and passes its tests', () => expectSound(cwd));

  test('has one rule for each provider, with ids of its own', () => {
    const rules = rulesOf(cwd);
    const folders = rules.map((path) => path.split('/')[1]);
    expect(folders).toEqual(['aws', 'azure', 'gcp', 'vsphere']);
    const shipped = new Set(
      filesIn('detections').flatMap((path) =>
        path.endsWith('.yml') ? [idOf(textOf('detections', path))] : [],
      ),
    );
    const ids = rules.map((path) => idOf(textOf(cwd, path)));
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) {
      expect(id).toMatch(uuid);
      expect(shipped).not.toContain(id);
    }
    const origins = rules.map((path) => {
      const [rule] = parseAllDocuments(textOf(cwd, path));
      return rule?.toJS().related as readonly { id: string; type: string }[];
    });
    expect(origins.map(([origin]) => shipped.has(origin?.id ?? ''))).toEqual(Array(4).fill(true));
    expect(origins.map((one) => one.map(({ type }) => type))).toEqual(Array(4).fill(['derived']));
  });

  test('has a package that runs everything, at this version', () => {
    const { name, scripts, devDependencies } = JSON.parse(textOf(cwd, 'package.json'));
    expect(name).toBe('my-rules');
    expect(scripts.ci).toBe('siemc check && siemc build --check && siemc test');
    expect(devDependencies).toEqual({
      siemc: JSON.parse(readFileSync('package.json', 'utf8')).version,
    });
  });

  test('has a workflow that may only read, of pinned actions', () => {
    const workflow = parse(textOf(cwd, '.github/workflows/detections.yml'));
    expect(workflow.on).toEqual({ push: null, pull_request: null });
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.jobs)).toEqual(['ci', 'diff']);
    const steps: readonly { uses?: string; run?: string }[] = workflow.jobs.ci.steps;
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    const { scripts } = JSON.parse(textOf(cwd, 'package.json'));
    const run = steps.flatMap((step) => step.run ?? []);
    expect(run[0]).toBe('npm ci --ignore-scripts');
    const commands = run.slice(1).map((line) => line.replace(/^npx --no -- | --format .*$/g, ''));
    expect(commands.join(' && ')).toBe(scripts.ci);
  });

  test('ends its lines with a line feed, and holds no file that is none of its own', () => {
    for (const path of filesIn(cwd)) expect(textOf(cwd, path), path).not.toContain('\r');
    expect(filesIn(cwd).filter((path) => /generated|\.hbs$|dot-/.test(path))).toEqual([]);
  });
});

test('two new repositories differ in their ids only', () => {
  const [one = '', two = ''] = [folderOf({}), folderOf({})];
  for (const cwd of [one, two])
    expect(siemc(['init', 'r', '-q'], { cwd })).toMatchObject({ out: '', code: 0 });
  const plain = (text: string): string =>
    text
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
      .replace(/("(?:hash|filesHash)":")[0-9a-f]+/g, '$1');
  expect(filesIn(one)).toEqual(filesIn(two));
  for (const path of filesIn(one)) {
    expect(plain(textOf(one, path)), path).toBe(plain(textOf(two, path)));
  }
  const ids = (folder: string): readonly string[] =>
    rulesOf(join(folder, 'r')).map((path) => idOf(textOf(join(folder, 'r'), path)));
  expect(ids(one).filter((id) => ids(two).includes(id))).toEqual([]);
});

describe('the targets', () => {
  test.for([
    [['-t', 'sentinel,splunk'], {}, ['splunk', 'sentinel'], 4],
    [['-t', 'chronicle'], {}, ['chronicle'], 3],
    [[], { SIEMC_TARGETS: 'splunk' }, ['splunk'], 4],
  ] as const)('are narrowed by %j %j', ([args, env, targets, rules]) => {
    const cwd = folderOf({});
    expect(siemc(['init', ...args], { cwd, env }).code).toBe(0);
    expect(parse(textOf(cwd, 'siemc.config.yml')).targets).toEqual(targets);
    expect(readdirSync(join(cwd, 'dist-rules')).sort()).toEqual(
      [...targets, 'manifest.jsonl', 'pages'].sort(),
    );
    expect(rulesOf(cwd)).toHaveLength(rules);
    expectSound(cwd);
  });

  test('have to exist', () => {
    const cwd = folderOf({});
    const outcome = siemc(['init', '-t', 'splunc'], { cwd });
    expect(outcome.err).toContain('There is no target "splunc". Did you mean "splunk"?');
    expect(outcome.code).toBe(2);
    expect(filesIn(cwd)).toEqual([]);
  });
});

describe('init overwrites nothing', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['siemc.config.yml', '"siemc.config.yml"'],
    ['package.json', '"package.json"'],
    ['.github/workflows/detections.yml', '".github/workflows/detections.yml"'],
    ['.github', '".github"'],
    ['detections/mine/own.yml', '"detections/"'],
    ['dist-rules/old.spl', '"dist-rules/"'],
    ['dist-rules', '"dist-rules"'],
  ];
  test.for(cases)('of "%s"', ([path, named]) => {
    const cwd = folderOf({ [path]: 'mine' });
    const outcome = siemc(['init'], { cwd });
    expect(outcome.err).toBe(
      `siemc: init overwrites nothing, and "." has ${named} already: nothing is written.\n`,
    );
    expect(outcome.code).toBe(2);
    expect(filesIn(cwd)).toEqual([path]);
    expect(textOf(cwd, path)).toBe('mine');
  });

  test('and goes through no link', () => {
    const elsewhere = folderOf({});
    const cwd = folderOf({});
    symlinkSync(elsewhere, join(cwd, '.vscode'));
    const outcome = siemc(['init'], { cwd });
    expect(outcome.err).toContain('has ".vscode" already');
    expect(outcome.code).toBe(2);
    expect(filesIn(elsewhere)).toEqual([]);
  });

  test('and takes no file for a folder', () => {
    const cwd = folderOf({ here: 'mine' });
    const outcome = siemc(['init', 'here'], { cwd });
    expect(outcome.err).toBe('siemc: "here" is a file: init needs a folder.\n');
    expect(outcome.code).toBe(2);
    const deeper = siemc(['init', 'here/deeper'], { cwd });
    expect(deeper.err).toMatch(/^siemc: "here[^"]*": a part of its path is a file\.\n$/);
    expect(deeper.code).toBe(4);
    expect(filesIn(cwd)).toEqual(['here']);
  });

  test('but lives beside other files, and in a git repository', () => {
    const cwd = folderOf({ 'src/app.js': '', 'rules/detections/.keep': '', '.git/HEAD': '' });
    const outcome = siemc(['init', 'security'], { cwd });
    expect(outcome.code).toBe(0);
    expect(outcome.out).toContain('move .github/ there');
    expect(outcome.out).not.toContain('git init');
    expectSound(join(cwd, 'security'));
  });
});

test('a folder without a name is refused', () => {
  const cwd = folderOf({});
  const outcome = siemc(['init', ''], { cwd });
  expect(outcome.err).toBe('siemc: The name of the folder is empty: "." is this one.\n');
  expect(outcome.code).toBe(2);
  expect(filesIn(cwd)).toEqual([]);
});

test('a folder whose name begins with a dash is gone into by its path', () => {
  const outcome = siemc(['init', '--', '-dash'], { cwd: folderOf({}) });
  expect(outcome.code).toBe(0);
  expect(outcome.out).toContain('  cd ./-dash\n');
});

/** Starts `init` and sends it the signal while it writes, if it can be met there: it may be done before. */
async function interruptedInit(signal: 'SIGINT' | 'SIGTERM') {
  const [cwd, temporary] = [folderOf({}), folderOf({})];
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [bin, 'init', 'r'], { cwd, env, stdio: 'ignore' });
  const ended = new Promise<string | null>((resolve) => {
    child.on('exit', (_, by) => resolve(by));
  });
  while (filesIn(temporary).length === 0 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 1));
  child.kill(signal);
  return { cwd, temporary, endedBy: await ended };
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves nothing behind', async (signal) => {
  let met = 0;
  for (let attempt = 0; attempt < 20 && met === 0; attempt++) {
    const { cwd, temporary, endedBy } = await interruptedInit(signal);
    expect(readdirSync(temporary)).toEqual([]);
    if (endedBy === null) expectSound(join(cwd, 'r'));
    else {
      met++;
      expect(endedBy).toBe(signal);
      expect(filesIn(cwd)).toEqual([]);
    }
  }
  expect(met).toBe(1);
});

test.skipIf(process.getuid?.() !== 0)(
  'a folder that nobody may write to is told, without a trace',
  () => {
    const cwd = folderOf({});
    mkdirSync(join(cwd, 'closed'), { mode: 0o555 });
    const outcome = siemc(['init', 'closed'], { cwd, uid: 12_345 });
    expect(outcome.err).toMatch(/permission denied\.\n$/);
    expect(outcome.err.split('\n')).toHaveLength(2);
    expect(outcome.code).toBe(4);
    expect(filesIn(cwd)).toEqual([]);
  },
);

describe('the hook before commits', () => {
  const cwd = folderOf({});
  siemc(['init'], { cwd });
  mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
  symlinkSync(bin, join(cwd, 'node_modules/.bin/siemc'));
  const git = (...args: readonly string[]) =>
    spawnSync('git', args, {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        CI: '',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@example.com',
      },
    });

  test('may be run', () => {
    expect(statSync(join(cwd, '.githooks/pre-commit')).mode & 0o777).toBe(0o755);
  });

  test('lets what is sound pass, and nothing else', () => {
    git('init', '-q');
    git('config', 'core.hooksPath', '.githooks');
    git('add', '.');
    const first = git('commit', '-qm', 'rules');
    expect(first.status, first.stdout + first.stderr).toBe(0);
    const rule = join(cwd, 'detections/gcp/gcp-image-deleted.yml');
    writeFileSync(rule, readFileSync(rule, 'utf8').replace('condition: sel', 'condition: sol'));
    const second = git('commit', '-qam', 'slip');
    expect(second.stdout + second.stderr).toContain('condition/unknown-selection');
    expect(second.status).not.toBe(0);
    expect(git('log', '--oneline').stdout.trim().split('\n')).toHaveLength(1);
  });

  test('leaves continuous integration alone, and works outside of git', () => {
    const run = (env: Record<string, string>) =>
      spawnSync(join(cwd, '.githooks/pre-commit'), {
        cwd: '/',
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
    expect(run({ CI: 'true' }).status).toBe(0);
    expect(run({ CI: '' }).status).not.toBe(0);
    expect(existsSync(join(cwd, '.git'))).toBe(true);
  });
});
