import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isRuleFile, isTestFile, walk } from '../library/discover.ts';
import { isWithin } from '../library/paths.ts';
import type { Project } from '../library/project/config.ts';
import { byCodePoint } from '../text/by-code-point.ts';

/** What a file of a project is to its queries and tests. */
export type InputKind =
  | 'config'
  | 'rule'
  | 'test'
  | 'sample'
  | 'list'
  | 'source'
  | 'mapping'
  | 'backend';

/** A file that queries or tests of a project are made of: an object of git, or a file on disk. */
export type InputFile = { readonly kind: InputKind } & (
  | { readonly id: string }
  | { readonly path: string }
);

/** The files of a project by their paths below its root, with `/`. */
export type InputFiles = ReadonlyMap<string, InputFile>;

/** A file that isn't the same on both sides. */
export interface InputChange {
  /** Below the root of the project, with `/`. */
  readonly path: string;
  readonly kind: InputKind;
  readonly state: 'added' | 'removed' | 'changed';
}

/** The files and folders, as absolute paths, in which a project's files are. */
export function placesOf(project: Project): readonly string[] {
  const { root, detections, samples, listFolder, sources, mappings } = project;
  const named = [...sources, ...mappings].map(({ name }) => resolve(root, name));
  const files = listFiles(project);
  // What a module imports isn't known: it may be any file of the project.
  const modules = hasModules(project) ? [root] : [];
  return [...new Set([detections, samples, listFolder, ...named, ...files, ...modules])];
}

/** The files of lists that the configuration names, for all destinations and for single ones. */
function listFiles({ root, lists, destinations }: Project): readonly string[] {
  return [...lists, ...destinations.flatMap((one) => one.lists)].flatMap(({ file }) =>
    file === undefined ? [] : [resolve(root, file.name)],
  );
}

/** Whether backends of the project are files of its own. */
function hasModules({ backends }: Project): boolean {
  return backends.some((specifier) => /^\.{0,2}\//.test(specifier));
}

/** Whether below a folder that is looked through no path leads into a hidden one or into packages. */
export function isPlain(below: string): boolean {
  return below.split('/').every((step) => !step.startsWith('.') && step !== 'node_modules');
}

/** What a file of the project is; nothing where it is none of those that count. */
export function kindOf(project: Project, path: string): InputKind | undefined {
  const { root, configFile, detections, samples, listFolder, output } = project;
  if (path === configFile) return 'config';
  if (isRulePath(project, path)) return 'rule';
  if (isWithin(detections, path) && isTestFile(path)) return 'test';
  const isAmong = (names: readonly { readonly name: string }[]): boolean =>
    names.some(({ name }) => isWithin(resolve(root, name), path));
  if (isAmong(project.sources)) return 'source';
  if (isAmong(project.mappings)) return 'mapping';
  if (listFiles(project).includes(path)) return 'list';
  if (isWithin(listFolder, path)) return path.endsWith('.txt') ? 'list' : undefined;
  const isSample = isWithin(detections, path) || isWithin(samples, path);
  if (isSample) return path.endsWith('.md') ? undefined : 'sample';
  return hasModules(project) && !isWithin(output, path) ? 'backend' : undefined;
}

/** Whether a file is read as a rule: every YAML file of the detections is, but their tests. */
function isRulePath({ detections }: Project, path: string): boolean {
  return isWithin(detections, path) && isRuleFile(path);
}

/** A path below the root of a project, with `/`. */
export function belowRoot({ root }: Project, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** The files of a project on disk. */
export function filesOnDisk(project: Project): InputFiles {
  const { configFile } = project;
  const found = new Set<string>(configFile === undefined ? [] : [configFile]);
  for (const place of placesOf(project)) {
    if (!existsSync(place)) continue;
    const isFolder = statSync(place).isDirectory();
    for (const path of isFolder ? walk(place, place, () => {}) : [place]) found.add(path);
  }
  return new Map(
    [...found].flatMap((path) => {
      const kind = kindOf(project, path);
      return kind === undefined ? [] : [[belowRoot(project, path), { kind, path }] as const];
    }),
  );
}

/** The files that differ between two sides, in order of their paths. */
export function changedFiles(base: InputFiles, head: InputFiles): readonly InputChange[] {
  const changes: InputChange[] = [];
  for (const [path, after] of head) {
    const before = base.get(path);
    if (before === undefined) changes.push({ path, kind: after.kind, state: 'added' });
    else if (!isSame(before, after)) changes.push({ path, kind: after.kind, state: 'changed' });
  }
  for (const [path, { kind }] of base)
    if (!head.has(path)) changes.push({ path, kind, state: 'removed' });
  return changes.sort((a, b) => byCodePoint(a.path, b.path));
}

function isSame(a: InputFile, b: InputFile): boolean {
  if (a.kind !== b.kind) return false;
  if ('id' in a) return 'id' in b ? a.id === b.id : isBlob(b.path, a.id);
  if ('id' in b) return isBlob(a.path, b.id);
  return a.path === b.path || readFileSync(a.path).equals(readFileSync(b.path));
}

/** Whether a file is what git keeps under an id, which it may have written with line ends of the system. */
function isBlob(path: string, id: string): boolean {
  const content = readFileSync(path);
  if (blobId(content, id) === id) return true;
  if (!content.includes('\r\n')) return false;
  return (
    blobId(Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), id) === id
  );
}

function blobId(content: Buffer, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Where a path of a project stands on disk, of a root that may be another. */
export function atRoot({ root }: Project, path: string): string {
  return isAbsolute(path) ? path : join(root, ...path.split('/'));
}
