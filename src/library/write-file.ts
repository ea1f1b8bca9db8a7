import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A temporary file of this module, from a run that is still on or was interrupted. */
const partialName = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** No run writes one file for longer than this many milliseconds. */
const longest = 10 * 60 * 1000;

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

/** Removes what interrupted runs left in a folder. */
export function removePartials(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!partialName.test(name)) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > longest) rmSync(path, { force: true });
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
