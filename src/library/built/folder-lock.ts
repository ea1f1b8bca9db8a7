import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissing } from '../write-file.ts';

/** No run holds a lock for longer than this many milliseconds. */
const longest = 10 * 60 * 1000;

/** A folder beside another: who has it writes the other, and prepares it there. */
export interface FolderLock {
  readonly path: string;
  release(): void;
}

/** Where the lock of a folder is. Git doesn't see what is in it. */
function lockPath(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.lock`);
}

/**
 * Waits until nobody else writes a folder. A lock whose process is gone is taken over, `settle` first being asked to
 * finish or forget what was left in it.
 */
export async function lockFolder(
  folder: string,
  settle: (lock: string) => void,
): Promise<FolderLock> {
  const path = lockPath(folder);
  mkdirSync(dirname(folder), { recursive: true });
  for (let wait = 5; ; wait = Math.min(200, wait * 2)) {
    if (take(path)) {
      removeBroken(path);
      return { path, release: () => rmSync(path, { recursive: true, force: true }) };
    }
    if (isAbandoned(path)) breakLock(path, settle);
    else await sleep(wait);
  }
}

/** Finishes or forgets what a process that is gone has left beside a folder. */
export function settleLeft(folder: string, settle: (lock: string) => void): void {
  const path = lockPath(folder);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined && isAbandoned(path))
    breakLock(path, settle);
}

function take(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, '.gitignore'), '*\n');
  writeFileSync(join(path, 'owner'), ownName());
  return true;
}

function ownName(): string {
  return `${process.pid} ${hostname()}\n`;
}

/** Whether the process that took a lock is gone. One that has just been made doesn't say yet whose it is. */
function isAbandoned(path: string): boolean {
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return false;
  const age = Date.now() - made;
  if (age > longest) return true;
  const [pid = '', host] = ownerOf(path).split(/\s/);
  if (pid === '') return age > 2000;
  return host === hostname() && !isRunning(Number(pid));
}

function ownerOf(path: string): string {
  try {
    return readFileSync(join(path, 'owner'), 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What was left is settled in its place; then, of several that find the lock abandoned, one moves it away. */
function breakLock(path: string, settle: (lock: string) => void): void {
  settle(path);
  try {
    renameSync(path, `${path}-${process.pid}`);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  removeBroken(path);
}

/** Locks that were moved away, also by processes that were killed over it. */
function removeBroken(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const [, pid] = name.startsWith(`${basename(path)}-`) ? name.split(/-(?=\d+$)/) : [];
    if (pid === undefined) continue;
    if (Number(pid) === process.pid || !isRunning(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}
