import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Busy, lockApply } from '../../src/publish/state/lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siemc-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});
const path = (): string => join(folder, 'lock');

/** The number of a process that ran and is gone. */
function gonePid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('of two at once the second is refused, until the first is through', () => {
  const lock = lockApply(folder);
  expect(() => lockApply(folder)).toThrow(Busy);
  expect(() => lockApply(folder)).toThrow(`process ${process.pid} on ${hostname()}`);
  lock.release();
  lockApply(folder).release();
  expect(existsSync(path())).toBe(false);
});

test('the lock of a process that is gone is taken over', () => {
  writeFileSync(path(), `${gonePid()} ${hostname()}\n`);
  const lock = lockApply(folder);
  expect(readFileSync(path(), 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
  lock.release();
});

test('that of another machine is respected as long as it is touched', () => {
  writeFileSync(path(), '1 elsewhere\n');
  expect(() => lockApply(folder)).toThrow('process 1 on elsewhere');
  const longAgo = new Date(Date.now() - 16 * 60 * 1000);
  utimesSync(path(), longAgo, longAgo);
  lockApply(folder).release();
});

test('nobody releases the lock of another', () => {
  const lock = lockApply(folder);
  writeFileSync(path(), '1 elsewhere\n');
  lock.release();
  expect(existsSync(path())).toBe(true);
});

test('a lock is touched for as long as it is held, whatever its holder waits for', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const lock = lockApply(folder);
  const longAgo = new Date(Date.now() - 16 * 60 * 1000);
  const age = (): number => Date.now() - statSync(path()).mtimeMs;
  utimesSync(path(), longAgo, longAgo);
  vi.advanceTimersByTime(60_000);
  expect(age()).toBeLessThan(60_000);
  expect(() => lockApply(folder)).toThrow(Busy);
  lock.release();
  expect(vi.getTimerCount()).toBe(0);
});
