import {
  copyFileSync,
  type Dirent,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isMissing } from '../write-file.ts';
import { lockFolder, settleLeft } from './folder-lock.ts';

/** The new content of a file by its path with `/` below a folder; nothing where the file goes. */
export type Replacement = ReadonlyMap<string, string | undefined>;

/**
 * Replaces files of a folder all at once: the whole new folder is prepared beside it and put in its place. Who is
 * interrupted leaves the old folder or the new one; between the two moves, what the next call of `recoverFolder`
 * puts in place. What isn't replaced stays; folders that become empty go. `changes` is asked when nobody else writes.
 */
export async function replaceFolder(folder: string, changes: () => Replacement): Promise<void> {
  const lock = await lockFolder(folder, (left) => finish(left, folder));
  try {
    const replacement = changes();
    if (replacement.size === 0) return;
    const [made, old] = [join(lock.path, 'new'), join(lock.path, 'old')];
    mkdirSync(made);
    if (existsSync(folder)) copyOthers(folder, made, replacedBy(replacement));
    for (const [path, text] of replacement) {
      if (text !== undefined) write(made, folder, path, text);
    }
    await uninterrupted(() => {
      if (existsSync(folder)) moveAside(folder, old);
      try {
        putInPlace(made, folder);
      } catch (error) {
        if (!existsSync(folder) && existsSync(old)) renameSync(old, folder);
        throw error;
      }
    });
  } finally {
    lock.release();
  }
}

/** Puts a folder in its place that a process was killed over while it put it there. */
export function recoverFolder(folder: string): void {
  settleLeft(folder, (left) => finish(left, folder));
}

/** The old folder is away only when the new one is whole. */
function finish(lock: string, folder: string): void {
  const [made, old] = [join(lock, 'new'), join(lock, 'old')];
  if (!existsSync(folder) && existsSync(old)) putInPlace(made, folder);
}

/** What goes wrong is told of the folder itself. */
function moveAside(folder: string, old: string): void {
  try {
    renameSync(folder, old);
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    throw Object.assign(told, { dest: folder });
  }
}

/** Somebody else may have been faster. */
function putInPlace(made: string, folder: string): void {
  try {
    renameSync(made, folder);
  } catch (error) {
    if (!isMissing(error) || !existsSync(folder)) throw error;
  }
}

/** Signals that come while something is done wait until it is. */
async function uninterrupted(action: () => void): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let came: NodeJS.Signals | undefined;
  const note = (signal: NodeJS.Signals): void => {
    came = signal;
  };
  for (const signal of signals) process.on(signal, note);
  try {
    action();
    // The loop has to turn for signals to be told.
    await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    for (const signal of signals) process.off(signal, note);
  }
  if (came !== undefined) process.kill(process.pid, came);
}

/** What goes wrong is told of the file as it is going to be. */
function write(made: string, folder: string, path: string, text: string): void {
  const file = join(made, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    throw Object.assign(told, { dest: join(folder, path) });
  }
}

type IsReplaced = (path: string, entry: Dirent) => boolean;

function replacedBy(replacement: Replacement): IsReplaced {
  const folders = foldersOf(replacement);
  return (path, entry) => replacement.has(path) || (entry.isSymbolicLink() && folders.has(path));
}

/** The folders of what is written. */
function foldersOf(replacement: Replacement): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const [path, text] of replacement) {
    if (text === undefined) continue;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  }
  return folders;
}

/**
 * Files are the same on disk, not copies, where the system can do that. A link goes where one of the new folders has to
 * be: nothing is written through it.
 */
function copyOthers(from: string, to: string, isReplaced: IsReplaced, at = ''): void {
  const entries = readdirSync(join(from, at), { withFileTypes: true });
  // A folder that has always been empty stays: a repository of git has some.
  if (entries.length === 0) mkdirSync(join(to, at), { recursive: true });
  for (const entry of entries) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) {
      copyOthers(from, to, isReplaced, path);
      continue;
    }
    if (isReplaced(path, entry)) continue;
    const [source, target] = [join(from, path), join(to, path)];
    mkdirSync(dirname(target), { recursive: true });
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
