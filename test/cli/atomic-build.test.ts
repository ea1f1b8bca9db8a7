import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, git } from './git.ts';
import { bin, folderOf, goodRule, siemc } from './siemc.ts';

/** 200 in `SIEMC_KILLS=200 npx vitest run test/cli/atomic-build.test.ts`. */
const kills = Number(process.env['SIEMC_KILLS'] ?? 24);

const rules = 40;
const ruleFile = (n: number, level: string): string =>
  goodRule
    .replace('11111111', String(11111111 + n))
    .replace('Image created', `Image created ${n} ${level}`)
    .replace('level: low', `level: ${level}`);

/** Every file of the output with its text, as one text. */
function stateOf(cwd: string): string {
  const folder = join(cwd, 'dist-rules');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((one) => join(one.parentPath, one.name));
  return files
    .sort()
    .map((path) => `${path}\n${readFileSync(path, 'utf8')}`)
    .join('\n');
}

function writeRules(cwd: string, level: string): void {
  mkdirSync(join(cwd, 'detections'), { recursive: true });
  for (let n = 0; n < rules; n++)
    writeFileSync(join(cwd, `detections/rule-${n}.yml`), ruleFile(n, level));
  // A file more or less as well.
  writeFileSync(join(cwd, `detections/last.yml`), ruleFile(rules, level));
}

/** The text of a file that may be gone at any moment. */
function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A build that is killed when so much of its time has gone, from its start or from when it begins to write. */
async function killedBuild(cwd: string, after: number, fromWriting: boolean): Promise<boolean> {
  const child = spawn(process.execPath, [bin, 'build', '-q'], { cwd, stdio: 'ignore' });
  const ended = new Promise<string | null>((resolve) => child.on('exit', (_, by) => resolve(by)));
  if (fromWriting) {
    // A lock that is there may be what an earlier one left.
    const owner = join(cwd, '.dist-rules.lock/owner');
    const isWriting = (): boolean => textAt(owner).startsWith(`${child.pid} `);
    while (!isWriting() && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL';
}

test('a build that is killed leaves the old tree or the new one, whole', {
  timeout: 600_000,
}, async () => {
  const cwd = folderOf({ 'dist-rules/mine.txt': 'mine' });
  const states = new Map<string, string>();
  let duration = 0;
  for (const level of ['low', 'high']) {
    writeRules(cwd, level);
    const start = performance.now();
    expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
    duration = performance.now() - start;
    states.set(stateOf(cwd), level);
    // What is built between commits counts from the last one, so that each level has one tree.
    if (level === 'low') commitAll(cwd);
  }
  expect(states.size).toBe(2);
  const seed = Date.now() % 1e6;
  let random = seed;
  const next = (): number => {
    random = (random * 1103515245 + 12345) % 2147483648;
    return random / 2147483648;
  };
  const seen = new Set<string>();
  let killed = 0;
  // How long writing takes depends on the machine: about half of the kills come before the new tree is there.
  let range = 40;
  for (let n = 0; n < kills; n++) {
    const wanted = n % 2 === 0 ? 'low' : 'high';
    writeRules(cwd, wanted);
    const fromWriting = n % 4 !== 3;
    const after = next() * (fromWriting ? range : duration * 1.1);
    if (await killedBuild(cwd, after, fromWriting)) killed++;
    // Between the two moves there is none for some microseconds: the next command puts it in its place.
    if (!existsSync(join(cwd, 'dist-rules'))) siemc(['build', '--check'], { cwd });
    const level = states.get(stateOf(cwd));
    expect(level, `seed ${seed}, kill ${n}`).toBeDefined();
    seen.add(level ?? '');
    if (fromWriting) range *= level === wanted ? 0.7 : 1.5;
  }
  expect(killed, `seed ${seed}`).toBeGreaterThan(kills / 4);
  expect(seen.size, `seed ${seed}`).toBe(2);
  // What they left doesn't disturb, and goes.
  writeRules(cwd, 'low');
  expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
  expect(states.get(stateOf(cwd))).toBe('low');
  expect(readdirSync(cwd).sort()).toEqual(['.git', 'detections', 'dist-rules']);
});

test('a build that was killed between the two moves is finished by the next', () => {
  const cwd = folderOf({ 'detections/made.yml': goodRule });
  expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
  const built = stateOf(cwd);
  const lock = join(cwd, '.dist-rules.lock');
  // As it is on disk then: the old folder is away, the new one not yet in its place, and the owner is gone.
  const made = folderOf({ 'old/splunk/made.spl': 'old', owner: '' });
  siemc(['build', '-q'], { cwd });
  const move = `mv ${made} ${lock} && mv ${cwd}/dist-rules ${lock}/new && touch -d '1 hour ago' ${lock}`;
  expect(spawnSync('sh', ['-c', move]).status).toBe(0);
  const { code, err } = siemc(['build', '--check'], { cwd });
  expect([code, err]).toEqual([0, expect.stringContaining('current')]);
  expect(stateOf(cwd)).toBe(built);
  expect(existsSync(lock)).toBe(false);
});

test.each([
  ['a folder', false],
  ['a link to one', true],
])('an output folder that is a repository of its own stays one: %s', (_, isLink) => {
  const cwd = folderOf({ 'detections/made.yml': goodRule, '.gitignore': 'dist-rules\n' });
  commitAll(cwd);
  const output = isLink ? folderOf({}) : join(cwd, 'dist-rules');
  if (isLink) symlinkSync(output, join(cwd, 'dist-rules'));
  const revise = (event: string): string => {
    writeFileSync(join(cwd, 'detections/made.yml'), goodRule.replace('CreateImage', event));
    expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
    return /"revision":\d+/.exec(readFileSync(join(output, 'manifest.jsonl'), 'utf8'))?.[0] ?? '';
  };
  revise('CreateImage');
  commitAll(output);
  // Leaves folders in .git empty that git wants.
  git(output, 'pack-refs', '--all');
  // Its last commit counts, not the builds since then.
  expect([revise('CopyImage'), revise('RunInstances')]).toEqual(['"revision":2', '"revision":2']);
  expect(git(output, 'status', '--short', '--', 'manifest.jsonl')).toBe(' M manifest.jsonl\n');
});

test('nothing is read or written through links in the output folder', () => {
  const cwd = folderOf({ 'detections/made.yml': goodRule });
  expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
  const built = stateOf(cwd);
  const outside = folderOf({ 'made.spl': 'secret' });
  const out = (path: string): string => join(cwd, 'dist-rules', path);
  renameSync(out('splunk'), out('own'));
  symlinkSync(outside, out('splunk'));
  rmSync(out('sentinel/made.kql'));
  symlinkSync(join(outside, 'made.spl'), out('sentinel/made.kql'));
  const { code, out: told, err } = siemc(['build', '--check'], { cwd });
  expect(code).toBe(1);
  expect(told + err).not.toContain('secret');
  rmSync(out('own'), { recursive: true });
  expect(siemc(['build', '-q'], { cwd }).code).toBe(0);
  expect(stateOf(cwd)).toBe(built);
  expect(readdirSync(outside)).toEqual(['made.spl']);
  expect(readFileSync(join(outside, 'made.spl'), 'utf8')).toBe('secret');
});
