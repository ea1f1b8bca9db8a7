import { type Dirent, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { byCodePoint } from '../text/by-code-point.ts';
import { manifestName, type Tree } from './built-tree.ts';
import { formerRules } from './former.ts';
import { textOf } from './text-of.ts';
import { isMissing, removePartials, writeWhole } from './write-file.ts';

/** One file that differs between what is built and what is on disk. */
export interface TreeChange {
  readonly path: string;
  /** What is on disk; nothing where the file is missing. */
  readonly before: string | undefined;
  /** What the build makes; nothing where the file is stale. */
  readonly after: string | undefined;
}

/** A target as far as its files go. */
interface Kind {
  readonly id: string;
  readonly extension: string;
}

/**
 * How the disk differs from a build, sorted by path. Stale is only what a build made: files that the
 * manifest on disk lists, `<target>/**.<its extension>` and `pages/**.md`; nothing else is looked at.
 */
export function compareTree(
  folder: string,
  tree: Tree,
  kinds: readonly Kind[],
): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  for (const [path, after] of tree) {
    const before = textOf(join(folder, path));
    if (before !== after) changes.push({ path, before, after });
  }
  const listed = formerRules(folder).flatMap(({ files }) => files);
  const tops = new Set([...kinds.map(({ id }) => id), 'pages', ...listed.map(topOf)]);
  const built = new Set(listed);
  for (const top of tops) {
    for (const path of filesOf(folder, top)) {
      if (tree.has(path) || !(built.has(path) || isBuilt(path, kinds))) continue;
      changes.push({ path, before: textOf(join(folder, path)), after: undefined });
    }
  }
  return changes.sort((a, b) => byCodePoint(a.path, b.path));
}

/**
 * Makes the disk equal to the build: each file is replaced whole, then stale files of a build go and
 * folders that this leaves empty. The manifest comes last, so it lists all that an interrupted build left.
 */
export function writeTree(folder: string, changes: readonly TreeChange[]): void {
  for (const { path, after } of changes) {
    if (after !== undefined && path !== manifestName) writeWhole(join(folder, path), after);
  }
  for (const { path, after } of changes) {
    if (after === undefined) removeFile(join(folder, path), folder);
  }
  const last = changes.find(({ path }) => path === manifestName)?.after;
  if (last !== undefined) writeWhole(join(folder, manifestName), last);
  for (const at of new Set(changes.map(({ path }) => dirname(join(folder, path))))) {
    ignoreMissing(() => removePartials(at));
  }
}

function isBuilt(path: string, kinds: readonly Kind[]): boolean {
  if (topOf(path) === 'pages') return path.endsWith('.md');
  return kinds.some(({ id, extension }) => topOf(path) === id && path.endsWith(`.${extension}`));
}

function topOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** Paths with `/` of the files in one folder of the output; hidden ones and links are the user's. */
export function filesOf(folder: string, top: string): readonly string[] {
  const files: string[] = [];
  const waiting = [top];
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

/** Another build may have been faster. */
function removeFile(path: string, stop: string): void {
  ignoreMissing(() => unlinkSync(path));
  for (let at = dirname(path); at !== stop && at.startsWith(stop); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch (error) {
      if (isMissing(error) || hasCode(error, 'ENOTEMPTY', 'EEXIST')) return;
      throw error;
    }
  }
}

function ignoreMissing(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
