import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isMissing, writeWhole } from '../../library/write-file.ts';
import { readIfThere } from './read-if-there.ts';

/** An apply that lives touches its lock more often than this many milliseconds. */
const longestSilence = 15 * 60 * 1000;
/** So often, whatever it waits for: a list can take thousands of requests. */
const beat = 60 * 1000;

/** Another apply is at work. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** The right to write to a destination, among all that run on this machine. */
export interface ApplyLock {
  release(): void;
}

/** Takes the lock of a destination's folder, or throws `Busy`; one whose process is gone is taken over. */
export function lockApply(folder: string): ApplyLock {
  const path = join(folder, 'lock');
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, '.gitignore'), '*\n');
  const own = `${process.pid} ${hostname()}\n`;
  if (!take(path, own)) {
    const owner = readIfThere(path) ?? '';
    if (!isAbandoned(path, owner)) throw new Busy(busyText(path, owner));
    if (!moveAway(path, owner) || !take(path, own))
      throw new Busy(busyText(path, readIfThere(path) ?? ''));
  }
  const timer = setInterval(() => {
    if (readIfThere(path) === own) touch(path);
  }, beat).unref();
  return {
    release() {
      clearInterval(timer);
      if (readIfThere(path) === own) rmSync(path, { force: true });
    },
  };
}

/** Whether an apply is at work in a folder. */
export function isHeld(folder: string): boolean {
  const path = join(folder, 'lock');
  const owner = readIfThere(path);
  return owner !== undefined && !isAbandoned(path, owner);
}

/** Says that a lock is still held. */
function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function take(path: string, own: string): boolean {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, own);
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that find a lock abandoned one moves it away; who moved another's new lock puts it back. */
function moveAway(path: string, owner: string): boolean {
  const moved = `${path}.${process.pid}`;
  try {
    renameSync(path, moved);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  const isRight = readIfThere(moved) === owner;
  try {
    if (!isRight) linkSync(moved, path);
  } finally {
    rmSync(moved, { force: true });
  }
  return isRight;
}

function isAbandoned(path: string, owner: string): boolean {
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return true;
  const silence = Date.now() - touched;
  if (silence > longestSilence) return true;
  const [pid = '', host] = owner.split(/\s/);
  // One that has just been made doesn't say yet whose it is.
  if (pid === '') return silence > 2000;
  return host === hostname() && Number(pid) !== process.pid && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function busyText(path: string, owner: string): string {
  const [pid = '?', host = '?'] = owner.trim().split(/\s/);
  return `Another apply is at work there: process ${pid} on ${host}. If it isn't, remove ${path}.`;
}
