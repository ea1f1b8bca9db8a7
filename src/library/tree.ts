import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Tree } from './build.ts';
import { byCodePoint } from './discover.ts';

/** One file that differs between what is built and what is on disk. */
export interface TreeChange {
  readonly path: string;
  /** What is on disk; nothing where the file is missing. */
  readonly before: string | undefined;
  /** What the build makes; nothing where the file is stale. */
  readonly after: string | undefined;
}

/** How the disk differs from a build, sorted by path. Only the build's own top folders are looked at. */
export function compareTree(folder: string, tree: Tree): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  for (const [path, after] of tree) {
    const before = textOf(join(folder, path));
    if (before !== after) changes.push({ path, before, after });
  }
  for (const path of filesOf(folder)) {
    if (!tree.has(path))
      changes.push({ path, before: textOf(join(folder, path)), after: undefined });
  }
  return changes.sort((a, b) => byCodePoint(a.path, b.path));
}

/** Makes the disk equal to the build: each file is replaced whole, stale ones go, then empty folders. */
export function writeTree(folder: string, changes: readonly TreeChange[]): void {
  for (const { path, after } of changes) {
    const full = join(folder, path);
    if (after === undefined) {
      unlinkSync(full);
      removeEmpty(dirname(full), folder);
      continue;
    }
    mkdirSync(dirname(full), { recursive: true });
    const partial = `${full}.${process.pid}.tmp`;
    writeFileSync(partial, after);
    renameSync(partial, full);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Files below a folder with `/` paths, those of an interrupted build too; hidden ones are the user's. */
function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function removeEmpty(folder: string, stop: string): void {
  for (let at = folder; at !== stop && at.startsWith(stop); at = dirname(at)) {
    if (readdirSync(at).length > 0) return;
    rmdirSync(at);
  }
}
