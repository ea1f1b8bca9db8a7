import { spawnSync } from 'node:child_process';
import { gitEnvironment } from '../library/built/git-environment.ts';

/** Why git can't say what was asked of it: a mistake in the call, or a refusal of the system. */
export class GitProblem extends Error {
  override readonly name = 'GitProblem';
  readonly exit: 2 | 4;
  constructor(message: string, exit: 2 | 4) {
    super(message);
    this.exit = exit;
  }
}

/** A git repository as seen from a folder of its work tree. */
export interface Repository {
  /** The folder below the top of the work tree, ends with `/` unless it is the top. */
  readonly prefix: string;
  /** The way from the folder up to the top: `../../`, or nothing. */
  readonly up: string;
  /** The full id of the commit that a revision names; what else a name is, that isn't one, is told in words. */
  commitOf(revision: string, not?: string): string;
  /** Whether only the last commits are here. */
  isShallow(): boolean;
  /** The commits before and with one in which a file below some paths, which are from the top, changed: the newest first. */
  touching(commit: string, paths: readonly string[], most: number): readonly string[];
  /** What a commit has below some paths, which are from the top; of the path '' all. */
  list(commit: string, paths: readonly string[]): readonly TreeEntry[];
  /** The content of blobs, each in its turn. */
  read(entries: readonly TreeEntry[], take: (entry: TreeEntry, content: Buffer) => void): void;
}

/** A file of a commit, or what is no file: a link, another repository. */
export interface TreeEntry {
  readonly kind: 'file' | 'link' | 'repository';
  readonly id: string;
  /** In bytes. */
  readonly size: number;
  /** From the top, with `/`. */
  readonly path: string;
}

/** How much of the repository is read at once, in bytes. */
const batchSize = 64 * 1024 * 1024;

/** The repository that a folder is in. */
export function openRepository(cwd: string): Repository {
  const git = (args: readonly string[], input?: string): Buffer | Failure => run(cwd, args, input);
  const [prefix = '', up = ''] = text(
    git(['rev-parse', '--show-prefix', '--show-cdup']),
    ({ message, code }) =>
      code === 128 && /not a git repository|work tree/.test(message)
        ? new GitProblem("The folder isn't in the work tree of a git repository.", 2)
        : new GitProblem(`git can't be used here: ${message}`, 4),
  ).split('\n');
  return {
    prefix,
    up,
    commitOf(revision, not = 'no revision') {
      if (revision.startsWith('-'))
        throw new GitProblem(`"${revision}" is no revision: it begins with "-".`, 2);
      const asked = `${revision}^{commit}`;
      const found = git(['rev-parse', '--verify', '--quiet', '--end-of-options', asked]);
      return text(found, () => new GitProblem(unknown(revision, not, isShallow(git)), 2)).trim();
    },
    isShallow: () => isShallow(git),
    touching(commit, paths, most) {
      const from = paths.map((path) => `${up}${path}`);
      const asked = ['--literal-pathspecs', 'log', '--format=%H', `--max-count=${most}`];
      const found = git([...asked, '--no-show-signature', commit, '--', ...from]);
      return text(found, lost)
        .split('\n')
        .filter((line) => line !== '');
    },
    list(commit, paths) {
      const wanted = paths.includes('') ? [] : paths;
      const listed = git(['ls-tree', '-r', '-l', '-z', '--full-tree', commit, '--', ...wanted]);
      return text(listed, lost).split('\0').flatMap(entryOf);
    },
    read(entries, take) {
      for (const batch of batchesOf(entries)) readBatch(git, batch, take);
    },
  };
}

interface Failure {
  readonly code: number | null;
  readonly message: string;
}

/** Runs git with an argument array, in no language but English, without touching the index. */
function run(cwd: string, args: readonly string[], input?: string): Buffer | Failure {
  const own = { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  const env = { ...gitEnvironment(), ...own };
  const { error, status, stdout, stderr } = spawnSync('git', ['--no-pager', ...args], {
    cwd,
    env,
    input: input ?? '',
    maxBuffer: 4 * batchSize,
    windowsHide: true,
  });
  if (error !== undefined) {
    const isMissing = 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? "git isn't installed, or isn't on the PATH" : error.message;
    throw new GitProblem(`Revisions are read with git: ${why}.`, 4);
  }
  if (status === 0) return stdout;
  const [line = ''] = stderr.toString('utf8').split('\n');
  return { code: status, message: line.replace(/^(fatal|error): /, '') };
}

function text(result: Buffer | Failure, problem: (failure: Failure) => GitProblem): string {
  if (Buffer.isBuffer(result)) return result.toString('utf8');
  throw problem(result);
}

function lost({ message }: Failure): GitProblem {
  return new GitProblem(`git can't read the revision: ${message}`, 4);
}

function isShallow(git: (args: readonly string[]) => Buffer | Failure): boolean {
  const told = git(['rev-parse', '--is-shallow-repository']);
  return Buffer.isBuffer(told) && told.toString('utf8').trim() === 'true';
}

function unknown(revision: string, not: string, isShallowClone: boolean): string {
  const hint = isShallowClone
    ? ' The clone is shallow: fetch the revision first (actions/checkout: "fetch-depth: 0").'
    : '';
  return `"${revision}" is ${not} of the repository.${hint}`;
}

/** `100644 blob <id> <size>\t<path>`; what could lead out of a folder is no path of a file. */
function entryOf(line: string): readonly TreeEntry[] {
  const found = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line);
  if (found === null) return [];
  const [, mode = '', type = '', id = '', size = '', path = ''] = found;
  if (path.split('/').some((step) => /^(\.{0,2}|\.git)$/i.test(step)) || /[\\]/.test(path))
    return [];
  const kind = type === 'commit' ? 'repository' : mode === '120000' ? 'link' : 'file';
  return [{ kind, id, size: Number(size) || 0, path }];
}

function* batchesOf(entries: readonly TreeEntry[]): Iterable<readonly TreeEntry[]> {
  let batch: TreeEntry[] = [];
  let size = 0;
  for (const entry of entries) {
    if (batch.length > 0 && size + entry.size > batchSize) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(entry);
    size += entry.size;
  }
  if (batch.length > 0) yield batch;
}

/** `<id> blob <size>\n<content>\n` for each. */
function readBatch(
  git: (args: readonly string[], input: string) => Buffer | Failure,
  batch: readonly TreeEntry[],
  take: (entry: TreeEntry, content: Buffer) => void,
): void {
  const answer = git(['cat-file', '--batch'], batch.map(({ id }) => `${id}\n`).join(''));
  if (!Buffer.isBuffer(answer)) throw lost(answer);
  let at = 0;
  for (const entry of batch) {
    const end = answer.indexOf(10, at);
    const head = answer.toString('utf8', at, end);
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(head)?.[1];
    if (size === undefined) throw lost({ code: null, message: head });
    at = end + 1 + Number(size) + 1;
    take(entry, answer.subarray(end + 1, at - 1));
  }
}
