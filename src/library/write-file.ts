import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Writes a file whole, with its folders: readers see the text before or the one after, never a part. */
export function writeWhole(path: string, text: string): void {
  const random = randomBytes(6).toString('hex');
  const partial = join(dirname(path), `.${basename(path)}.${random}.tmp`);
  const write = (): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, path);
  };
  try {
    try {
      write();
    } catch (error) {
      // Another build may have removed the folder while it was empty.
      if (!isMissing(error)) throw error;
      write();
    }
  } catch (error) {
    removeQuietly(partial);
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { dest: path });
  }
}

/** What went wrong before matters more than what goes wrong here. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder of the file is none: there is nothing to remove.
  }
}

/** Whether the system says that a file isn't there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
