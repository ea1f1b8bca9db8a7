import { existsSync, lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that is to be made. */
export interface PlacedFile {
  /** Absolute. */
  readonly path: string;
  /** Writes it, and fails where there is one already. */
  write(path: string): void;
}

/** Makes files, with the folders that they need. If one can't be written, those that were are removed again. */
export function placeFiles(files: readonly PlacedFile[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const { path, write } of files) {
      makeFolder(dirname(path), undo);
      write(path);
      undo.push(() => rmSync(path));
    }
  } catch (error) {
    for (const step of undo.reverse()) quietly(step);
    throw error;
  }
}

/** The paths, or the folders on the way to them, that are there already and are no folders. */
export function takenPaths(to: string, paths: readonly string[]): readonly string[] {
  const taken = paths.flatMap((path) => {
    const steps = path.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'));
    const way = steps.slice(0, -1).find((step) => kindOf(join(to, step)) === 'file');
    return way ?? (kindOf(join(to, path)) === 'none' ? [] : path);
  });
  return [...new Set(taken)];
}

/** What is at a path; a link leads elsewhere and counts as a file. */
export function kindOf(path: string): 'none' | 'folder' | 'file' {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'none';
  return stat.isDirectory() ? 'folder' : 'file';
}

/** Makes a folder and those that it is in; undoing removes the ones that weren't there, if nothing else is in them. */
function makeFolder(path: string, undo: (() => void)[]): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), undo);
  mkdirSync(path);
  undo.push(() => rmdirSync(path));
}

/** What went wrong before matters more than what goes wrong here. */
function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // Somebody else has put something into the folder, or taken the file away.
  }
}
