import { spawnSync } from 'node:child_process';

/** Runs git in a folder as somebody, without the configuration of whoever runs the tests. */
export function git(cwd: string, ...args: readonly string[]): string {
  const who = { NAME: 'A', EMAIL: 'a@example.com', DATE: '2026-01-01T00:00:00Z' };
  const people = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_'));
  const env = Object.fromEntries([...own, ...people, ['GIT_CONFIG_GLOBAL', '/dev/null']]);
  const { status, stdout, stderr } = spawnSync('git', [...args], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Makes a repository of a folder, or adds to it, and commits all. */
export function commitAll(cwd: string): void {
  git(cwd, 'init', '-q', '-b', 'main');
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '-m', 'all');
}
