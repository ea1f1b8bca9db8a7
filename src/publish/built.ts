import { posix } from 'node:path';
import type { BuiltFiles, BuiltRuleFiles } from '../backend/publisher.ts';
import { releaseId } from '../backend/release.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { manifestName } from '../library/built/built-tree.ts';
import { contentHash, filesHash } from '../library/built/hash.ts';
import {
  type ListedRule,
  listedRules,
  releaseIds,
  textsIn,
} from '../library/built/listed-rules.ts';
import { type Manifest, readManifest } from '../library/built/manifest.ts';
import { realPath } from '../library/built/output-folder.ts';
import { plainFiles } from '../library/built/plain-files.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { fileStart } from '../text/span.ts';
import { nameUuid } from '../text/uuid.ts';
import { manifestProblem } from './manifest-problem.ts';

/** An output folder, on disk or in a commit. */
export interface OutputFolder {
  /** The text of a file by its path below the folder, with `/`; nothing where there is no file. */
  read(path: string): string | undefined;
  /** The path as people know it. */
  shown(path: string): string;
}

/** What is built for a destination, and the rules that there were. */
export interface BuiltOutput {
  readonly built: BuiltFiles;
  /** The ids of all rules that are or were built, at whatever destination. */
  readonly known: readonly string[];
  /** The same rules by what people call them. */
  readonly named: readonly NamedRule[];
}

/** A rule by what people call it. */
export interface NamedRule {
  readonly id: string;
  readonly title: string;
  readonly stem: string;
}

/** An output folder on disk, by its own path and the one that people know. What is a link in it, or behind one, isn't there. */
export function outputOnDisk(output: string, shown: string): OutputFolder {
  const read = plainFiles(realPath(output));
  return { read, shown: (path) => posix.join(shown, path) };
}

const hint = 'Run "siemc build" and commit what it writes.';

/**
 * What a build made for a destination, exactly that: nothing if a file of it is gone or otherwise than it was built, each of
 * which is reported.
 */
export function readBuilt(
  folder: OutputFolder,
  destination: string,
  target: string,
  report: Report,
): BuiltOutput | undefined {
  const text = folder.read(manifestName);
  const tell = (code: string, message: string, path = manifestName, line = 1): void =>
    report(toldAt(folder, { code, message, path, line, text: path === manifestName ? text : '' }));
  if (text === undefined) {
    tell('publish/not-built', 'There is no manifest: nothing was built.');
    return undefined;
  }
  const problem = manifestProblem(text);
  if (problem !== undefined) {
    tell('publish/manifest', problem.message, manifestName, problem.line);
    return undefined;
  }
  const manifest = readManifest(text);
  const line = manifest.destinations.get(destination);
  if (line?.['target'] !== target) {
    const was = line === undefined ? 'Nothing' : `Something for ${line['target']}`;
    tell('publish/not-built', `${was} was built for the destination "${destination}".`);
    return undefined;
  }
  const listed = listedIn(manifest, destination);
  const texts = textsAsBuilt(listed, destination, folder, (path, message) =>
    tell('publish/stale-file', message, path),
  );
  return texts && outputOf(manifest, listed, destination, (path) => texts.get(path));
}

/** The texts of all files that are listed, by their paths; nothing if one of them isn't as it was built. */
function textsAsBuilt(
  listed: Listed,
  destination: string,
  folder: OutputFolder,
  stale: (path: string, message: string) => void,
): ReadonlyMap<string, string> | undefined {
  const texts = new Map<string, string>();
  let isSound = true;
  for (const { paths, hash, isWhole } of groupsOf(listed)) {
    const found = paths.map((path) => {
      const text = isBelow(path, destination) ? folder.read(path) : undefined;
      if (text === undefined) stale(path, 'The manifest lists this file, and there is none.');
      else texts.set(path, text);
      return [path, text ?? ''] as const;
    });
    const [[first, query] = ['', '']] = found;
    const isThere = paths.every((path) => texts.has(path));
    const isSame = hash === (isWhole ? filesHash(found) : contentHash(query));
    if (isThere && !isSame) stale(first, staleText(paths.length, hash));
    isSound &&= isThere && isSame;
  }
  return isSound ? texts : undefined;
}

/** What a commit has of a destination: as it is there, however it was made; nothing if nothing was built for it. */
export function readCommitted(
  manifestText: string,
  destination: string,
  read: (path: string) => string | undefined,
): BuiltOutput | undefined {
  if (manifestProblem(manifestText) !== undefined) return undefined;
  const manifest = readManifest(manifestText);
  if (!manifest.destinations.has(destination)) return undefined;
  return outputOf(manifest, listedIn(manifest, destination), destination, read);
}

/** The rules of a destination in a manifest, and what they share. */
interface Listed {
  readonly rules: readonly ListedRule[];
  readonly shared: readonly string[];
  readonly sharedHash: string | undefined;
}

function listedIn({ rules, destinations }: Manifest, destination: string): Listed {
  const { files, filesHash: hash } = destinations.get(destination) ?? {};
  const order = listedRules(rules, destination).toSorted((a, b) => byCodePoint(a.stem, b.stem));
  return {
    rules: order,
    shared: textsIn(files),
    sharedHash: typeof hash === 'string' ? hash : undefined,
  };
}

/** Files that have a hash together: a query has one of its own. */
function groupsOf({ rules, shared, sharedHash }: Listed): readonly {
  readonly paths: readonly string[];
  readonly hash: string | undefined;
  readonly isWhole: boolean;
}[] {
  const groups = rules.flatMap(({ file, hash, files, filesHash: packaged }) => [
    { paths: [file], hash, isWhole: false },
    { paths: files, hash: packaged, isWhole: true },
  ]);
  return [...groups, { paths: shared, hash: sharedHash, isWhole: true }].filter(
    ({ paths }) => paths.length > 0,
  );
}

function outputOf(
  manifest: Manifest,
  { rules, shared }: Listed,
  destination: string,
  read: (path: string) => string | undefined,
): BuiltOutput {
  const start = `${destination}/`;
  const below = (paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => (isBelow(path, destination) ? [path.slice(start.length)] : []));
  const ids = releaseIds(rules);
  const built: readonly BuiltRuleFiles[] = rules.map(({ stem, title, file, files }) => ({
    id: ids.get(stem) ?? '',
    title,
    stem,
    files: below([file, ...files]),
  }));
  const here = new Set(built.map(({ id }) => id));
  const named = [
    ...built.map(({ id, title, stem }) => ({ id, title, stem })),
    ...namedIn(manifest).filter(({ id }) => !here.has(id)),
  ];
  return {
    built: {
      destination,
      rules: built,
      shared: below(shared),
      read: (path) => read(`${start}${path}`),
    },
    known: [...new Set(named.map(({ id }) => id))].sort(byCodePoint),
    named,
  };
}

/** All rules of a manifest, also those that are gone and those without a query, by all ids that they may have. */
function namedIn({ rules, removed }: Manifest): readonly NamedRule[] {
  const gone = [...removed.values()].map((line) => [String(line['removed']), line] as const);
  return [...rules, ...gone].flatMap(([stem, { id, title }]) => {
    const own = typeof id === 'string' ? id : undefined;
    const plain = releaseId(own, String(title));
    // Which of several without ids that have one title was the first, isn't known of those that are gone.
    const ids = own === undefined ? [plain, nameUuid(plain, stem)] : [plain];
    return ids.map((one) => ({ id: one, title: String(title), stem }));
  });
}

/** Whether a path is of a file below the folder of the destination, with no way up. */
function isBelow(path: string, destination: string): boolean {
  const steps = path.split('/');
  return (
    steps.length > 1 &&
    steps[0] === destination &&
    steps.every((step) => /^[^.\\][^\\]*$/.test(step))
  );
}

function staleText(files: number, hash: string | undefined): string {
  if (hash === undefined) return "The manifest doesn't say what it holds: an older siemc made it.";
  const which =
    files === 1 ? 'It' : `It, or one of the ${files - 1} files that are listed with it,`;
  return `${which} isn't as it was built: somebody changed it since.`;
}

function toldAt(
  folder: OutputFolder,
  told: {
    readonly code: string;
    readonly message: string;
    readonly path: string;
    readonly line: number;
    readonly text: string | undefined;
  },
): Diagnostic {
  const { code, message, path, line, text = '' } = told;
  const file = { path: folder.shown(path), text };
  const start =
    text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  const span = text === '' ? fileStart : { start, end: start + 1 };
  return { code, severity: 'error', message, at: { file, span }, hint };
}
