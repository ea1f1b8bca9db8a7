// Part of `npm run bench`: how long `siemc build` takes for 3,000 rules, as ratios of commands that are run in turn on the
// repository of bench/many-rules.mjs. `node bench/build.mjs [rules] [pairs]`. What is best of several is compared: other work
// of the machine only ever makes a command slower.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeManyRules } from './many-rules.mjs';

const siemc = resolve('dist/siemc.cjs');
const [count, pairs] = [process.argv[2] ?? 3000, process.argv[3] ?? 3].map(Number);
const folder = mkdtempSync(join(tmpdir(), 'siemc-bench-'));
const output = join(folder, 'dist-rules');

try {
  writeManyRules(folder, count);
  for (const part of ['.git', 'dist-rules', 'docs'])
    rmSync(join(folder, part), { recursive: true, force: true });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  commit('Rules');
  compareBuilds();
  compareDiff();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Into an empty folder, again when all is there, and only looking. */
function compareBuilds() {
  const runs = Array.from({ length: pairs }, () => {
    rmSync(output, { recursive: true, force: true });
    return {
      empty: time('build', '-q'),
      current: time('build', '-q'),
      check: time('build', '--check', '-q'),
    };
  });
  const { empty, current, check } = best(runs);
  tell(empty, 1, `build of ${count} rules into an empty folder`);
  tell(current, current / empty, 'build when all is current / into an empty folder');
  tell(check, check / empty, 'build --check / build into an empty folder');
}

/** What a change of one rule means for the SIEMs, against compiling all rules once. */
function compareDiff() {
  const { stdout } = spawnSync(process.execPath, [siemc, '--help'], { encoding: 'utf8' });
  if (!/^ {2}diff /m.test(stdout)) {
    console.log('siemc has no command diff: not measured');
    return;
  }
  const rule = git('ls-files', 'detections/*.yml').split('\n')[0];
  const path = join(folder, rule);
  writeFileSync(path, readFileSync(path, 'utf8').replace('condition: ', 'condition: not '));
  git('add', '.');
  commit('Change a rule');
  const runs = Array.from({ length: pairs }, () => ({
    diff: time('diff', 'HEAD~1', '--format', 'json'),
    once: time('build', '--check', '-q'),
  }));
  const { diff, once } = best(runs);
  tell(diff, diff / once, 'diff of a change of one rule / build --check');
}

function best(runs) {
  const names = Object.keys(runs[0]);
  return Object.fromEntries(names.map((name) => [name, Math.min(...runs.map((run) => run[name]))]));
}

function tell(milliseconds, ratio, what) {
  console.log(
    `${ratio.toFixed(2)}  ${what}; ${(milliseconds / 1000).toFixed(1)} s, best of ${pairs}`,
  );
}

/** Wall time of a command in milliseconds; findings (1) are results, too. */
function time(...args) {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, [siemc, ...args], {
    cwd: folder,
    stdio: 'ignore',
  });
  if (status !== 0 && status !== 1) throw new Error(`siemc ${args.join(' ')} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function commit(message) {
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-q', '-m', message);
}
