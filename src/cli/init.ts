import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { backends } from '#backends';
import { show } from '../library/paths.ts';
import { gitRoot } from '../library/project/config.ts';
import { writeWhole } from '../library/write-file.ts';
import { kindOf, placeFiles, takenPaths } from '../scaffold/place.ts';
import { type NewFile, ownFolders, repositoryFiles } from '../scaffold/repository.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { visible } from '../text/visible.ts';
import { version } from '../version.generated.js';
import { build } from './build.ts';
import { askedTargets, type CommonOptions } from './context.ts';
import { count, type ExitCode } from './exit.ts';
import { Misuse } from './misuse.ts';

/** How many paths are told one by one. */
const most = 10;

/** What ends a run early. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `siemc init [dir]`: a rule repository that works, in a folder of its own or in one that is there. */
export async function init(dir = '.', options: CommonOptions = {}): Promise<ExitCode> {
  if (dir.trim() === '') throw new Misuse('The name of the folder is empty: "." is this one.');
  const known = Object.keys(backends);
  const targets = askedTargets(options, process.env, known) ?? known;
  const named = resolve(dir);
  const folder = kindOf(named) === 'none' ? named : realpathSync(named);
  if (kindOf(folder) === 'file') throw new Misuse(`"${dir}" is a file: init needs a folder.`);
  const files = repositoryFiles({
    folder: basename(folder),
    targets: known.filter((id) => targets.includes(id)),
    version,
    newId: randomUUID,
  });
  refuseTaken(folder, dir, files);
  const staged = mkdtempSync(join(tmpdir(), 'siemc-init-'));
  const clear = (): void => rmSync(staged, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals): void => {
    clear();
    // Nobody listens any more: the signal does what it does by itself.
    process.removeListener(signal, stop);
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.once(signal, stop);
  try {
    const paths = await stage(staged, files);
    // A signal that came while the rules were built is seen only between two turns.
    await setTimeout(1);
    const copyTo = (from: string) => (path: string) =>
      copyFileSync(from, path, constants.COPYFILE_EXCL);
    placeFiles(
      paths.map((path) => ({ path: join(folder, path), write: copyTo(join(staged, path)) })),
    );
    if (options.quiet !== true) process.stdout.write(told(dir, folder, paths));
  } finally {
    clear();
    for (const signal of signals) process.removeListener(signal, stop);
  }
  return 0;
}

/** Nothing of the user's is overwritten, nor counted among the rules that are made. */
function refuseTaken(folder: string, dir: string, files: readonly NewFile[]): void {
  const isFull = (name: string): boolean =>
    kindOf(join(folder, name)) === 'folder' && readdirSync(join(folder, name)).length > 0;
  const full = ownFolders.filter(isFull);
  const others = [...files.map(({ path }) => path), 'dist-rules/manifest.jsonl'].filter((path) =>
    full.every((name) => !path.startsWith(`${name}/`)),
  );
  const taken = [...full.map((name) => `${name}/`), ...takenPaths(folder, others)];
  if (taken.length === 0) return;
  const shown = taken.slice(0, most).map((path) => `"${path}"`);
  const rest = taken.length > most ? ` and ${taken.length - most} more` : '';
  throw new Misuse(
    `init overwrites nothing, and "${dir}" has ${shown.join(', ')}${rest} already: nothing is written.`,
  );
}

/** Writes the files into a folder and builds their rules there: the paths of all. */
async function stage(folder: string, files: readonly NewFile[]): Promise<readonly string[]> {
  for (const { path, text, executable } of files) {
    writeWhole(join(folder, path), text);
    if (executable) chmodSync(join(folder, path), 0o755);
  }
  const options = { config: 'siemc.config.yml', quiet: true, format: 'pretty' };
  const exit = await build(options, { cwd: folder, env: {} });
  if (exit !== 0) throw new Error('the rules of the new repository have findings');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => show(folder, join(entry.parentPath, entry.name)))
    .sort(byCodePoint);
}

/** What was made, and what to do next. */
function told(dir: string, folder: string, paths: readonly string[]): string {
  const within = (prefix: string, end: string): number =>
    paths.filter((path) => path.startsWith(prefix) && path.endsWith(end)).length;
  const rules = count(within('dist-rules/pages/', '.md'), 'rule');
  const git = gitRoot(folder);
  const rows = [
    ['siemc.config.yml', 'the targets, and what rules have to know of your house'],
    ['detections/', `${rules}, each with its test, and the samples of these`],
    ['dist-rules/', 'the queries and pages that are built of them, for the SIEMs'],
    ['package.json', 'the scripts check, build, test, and ci for all of them'],
    ['.github/, .githooks/', 'npm run ci after each push, and before each commit'],
    ['.vscode/ and others', 'schemas for editors, ends of lines; README.md explains it all'],
  ];
  const hook = 'git config core.hooksPath "$(git rev-parse --show-prefix).githooks"';
  const steps = [
    dir === '.' ? '' : `  cd ${visible(shellWord(dir))}\n`,
    `  npm install --save-dev <path to siemc-${version}.tgz>\n`,
    '      (or npm install, if your own registry has siemc; the public one does not)\n',
    '  npm run ci\n',
    `  ${git === undefined ? 'git init && ' : ''}${hook}\n`,
  ];
  const deeper =
    git === undefined || git === folder
      ? ''
      : '\nGitHub runs workflows at the root of a repository only: move .github/ there (see README.md).\n';
  const lines = rows.map(([path = '', what = '']) => `  ${path.padEnd(22)}${what}\n`);
  const where = dir === '.' ? 'this folder' : visible(dir);
  return `init: a rule repository of ${count(paths.length, 'file')} in ${where}\n\n${lines.join('')}\nNext:\n${steps.join('')}${deeper}`;
}

/** A path as a word of a shell. */
function shellWord(path: string): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./@%+=:,-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
