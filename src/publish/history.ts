import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { BuiltFiles } from '../backend/publisher.ts';
import { GitProblem, openRepository, type Repository } from '../diff/git.ts';
import { manifestName } from '../library/built/built-tree.ts';
import { realPath } from '../library/built/output-folder.ts';
import { type BuiltOutput, type OutputFolder, readCommitted } from './built.ts';

/** So many commits are looked through at most. */
const most = 200;

/**
 * What was built for a destination at the last commit and those before, the newest first, each text of it once. Without git,
 * and in a clone that has only the last commits, nothing: why is told, in a sentence, when it is asked for.
 */
export function* builtBefore(
  output: string,
  destination: string,
  tell: (why: string) => void,
): Iterable<BuiltFiles> {
  try {
    const { repository, prefix } = repositoryOf(output);
    if (repository.isShallow()) {
      tell(
        'The clone is shallow: what was built at earlier commits isn\'t known (actions/checkout: "fetch-depth: 0").',
      );
      return;
    }
    const paths = [`${prefix}${manifestName}`, `${prefix}${destination}`];
    const texts = new Map<string, string>();
    const told = new Set<string>();
    for (const commit of repository.touching(repository.commitOf('HEAD'), paths, most)) {
      const found = readCommit(repository, prefix, commit, destination, texts);
      if (found === undefined) continue;
      const { built } = found.output;
      const key = JSON.stringify([found.blobs, built.rules, built.shared]);
      if (told.has(key)) continue;
      told.add(key);
      yield built;
    }
  } catch (error) {
    if (!(error instanceof GitProblem)) throw error;
    tell(`What was built at earlier commits isn't known. ${error.message}`);
  }
}

/**
 * What was built for a destination at a revision, as it is there, and the folder that it is in; throws `GitProblem` if
 * there is no such commit.
 */
export function builtAt(
  output: string,
  revision: string,
  destination: string,
): {
  readonly commit: string;
  readonly output: BuiltOutput | undefined;
  readonly folder: OutputFolder;
} {
  const { repository, prefix } = repositoryOf(output);
  const commit = repository.commitOf(revision);
  const { read } = folderAt(repository, prefix, commit, destination, new Map());
  const manifest = read(manifestName);
  return {
    commit,
    output: manifest === undefined ? undefined : readCommitted(manifest, destination, read),
    folder: { read, shown: (path) => path },
  };
}

/** The output folder may be a link, or a repository of its own; it needn't be there. */
function repositoryOf(output: string): {
  readonly repository: Repository;
  readonly prefix: string;
} {
  const folder = realPath(output);
  const isThere = existsSync(folder);
  const repository = openRepository(isThere ? folder : dirname(folder));
  return {
    repository,
    prefix: isThere ? repository.prefix : `${repository.prefix}${basename(folder)}/`,
  };
}

/** A commit's files of a destination; texts that were read before are there by the ids of their blobs. */
function readCommit(
  repository: Repository,
  prefix: string,
  commit: string,
  destination: string,
  texts: Map<string, string>,
): { readonly output: BuiltOutput; readonly blobs: readonly string[] } | undefined {
  const { read, files } = folderAt(repository, prefix, commit, destination, texts);
  const manifest = read(manifestName);
  const output = manifest === undefined ? undefined : readCommitted(manifest, destination, read);
  return output && { output, blobs: files.map(({ path, id }) => `${id} ${path}`) };
}

/** The output folder of a commit, as far as a destination is concerned. */
function folderAt(
  repository: Repository,
  prefix: string,
  commit: string,
  destination: string,
  texts: Map<string, string>,
): Pick<OutputFolder, 'read'> & {
  readonly files: readonly { readonly path: string; readonly id: string }[];
} {
  const wanted = [`${prefix}${manifestName}`, `${prefix}${destination}`];
  const entries = repository.list(commit, wanted).filter(({ kind }) => kind === 'file');
  const byPath = new Map(entries.map((entry) => [entry.path.slice(prefix.length), entry]));
  const manifest = byPath.get(manifestName);
  const files = [...byPath.values()].filter((entry) => entry !== manifest);
  const keep = (entries: typeof files): void =>
    repository.read(entries, ({ id }, content) => texts.set(id, content.toString('utf8')));
  return {
    files,
    read(path) {
      const entry = byPath.get(path);
      if (entry === undefined) return undefined;
      if (!texts.has(entry.id))
        keep(entry === manifest ? [entry] : files.filter(({ id }) => !texts.has(id)));
      return texts.get(entry.id);
    },
  };
}
