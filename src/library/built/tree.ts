import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { byCodePoint } from '../../text/by-code-point.ts';
import { isMissing } from '../write-file.ts';
import type { Tree } from './built-tree.ts';
import { formerFiles } from './former.ts';
import { realPath } from './output-folder.ts';
import { plainFiles } from './plain-files.ts';
import { replaceFolder } from './replace-folder.ts';

/** One file that differs between what is built and what is on disk. */
export interface TreeChange {
  readonly path: string;
  /** What is on disk; nothing where the file is missing. */
  readonly before: string | undefined;
  /** What the build makes; nothing where the file is stale. */
  readonly after: string | undefined;
}

/** A destination as far as its files go. */
export interface Kind {
  readonly destination: string;
  readonly extension: string;
}

/**
 * How the disk differs from a build, sorted by path; links are none of a build's files. Stale is only what a build made: files that the
 * manifest on disk lists, `<destination>/**.<its extension>` and `pages/**.md`; nothing else is looked at.
 */
export function compareTree(
  folder: string,
  tree: Tree,
  kinds: readonly Kind[],
): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  const read = plainFiles(folder);
  for (const [path, after] of tree) {
    const before = read(path);
    if (before !== after) changes.push({ path, before, after });
  }
  const listed = formerFiles(folder);
  const tops = new Set([
    ...kinds.map(({ destination }) => destination),
    'pages',
    ...listed.map(topOf),
  ]);
  const built = new Set(listed);
  for (const top of tops) {
    for (const path of filesOf(folder, top)) {
      if (tree.has(path) || !(built.has(path) || isBuilt(path, kinds))) continue;
      changes.push({ path, before: read(path), after: undefined });
    }
  }
  return changes.sort((a, b) => byCodePoint(a.path, b.path));
}

/** Makes the disk equal to the build, all at once; what else is in the folder stays. Says what changed. */
export async function writeTree(
  folder: string,
  tree: Tree,
  kinds: readonly Kind[],
): Promise<readonly TreeChange[]> {
  let changes: readonly TreeChange[] = [];
  await replaceFolder(realPath(folder), () => {
    changes = compareTree(folder, tree, kinds);
    return new Map(changes.map(({ path, after }) => [path, after]));
  });
  return changes;
}

function isBuilt(path: string, kinds: readonly Kind[]): boolean {
  if (topOf(path) === 'pages') return path.endsWith('.md');
  return kinds.some(
    ({ destination, extension }) => topOf(path) === destination && path.endsWith(`.${extension}`),
  );
}

function topOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** Paths with `/` of the files in one folder of the output; hidden ones and links are the user's. */
export function filesOf(folder: string, top: string): readonly string[] {
  const files: string[] = [];
  const isFolder = lstatSync(join(folder, top), { throwIfNoEntry: false })?.isDirectory() === true;
  const waiting = isFolder ? [top] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of entriesOf(join(folder, next))) {
      if (entry.name.startsWith('.')) continue;
      const path = `${next}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) files.push(path);
    }
  }
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error) || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
