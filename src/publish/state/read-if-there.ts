import { readFileSync } from 'node:fs';
import { isMissing } from '../../library/write-file.ts';

/** The text of a file, or nothing if there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
