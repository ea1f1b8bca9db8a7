import { readFileSync } from 'node:fs';

/** The text of a file, if there is one. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
