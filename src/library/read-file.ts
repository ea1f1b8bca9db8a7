import { readFileSync } from 'node:fs';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source-file.ts';
import { fileStart } from '../text/span.ts';

/** Files larger than this aren't rules, tests or samples. */
const maxBytes = 16 * 1024 * 1024;

/** Reads a text file; what can't be read is reported under the name that people know it by. */
export function readTextFile(path: string, shown: string, report: Report): SourceFile | undefined {
  const fail = (code: string, message: string): undefined => {
    report({
      code,
      severity: 'error',
      message,
      at: { file: { path: shown, text: '' }, span: fileStart },
    });
    return undefined;
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fail('file/unreadable', `The file can't be read: ${reason(error)}.`);
  }
  if (bytes.length > maxBytes) return fail('file/too-large', 'The file is larger than 16 MiB.');
  if (bytes.includes(0)) return fail('file/not-text', 'The file holds binary data.');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { path: shown, text };
  } catch {
    return fail('file/not-text', "The file isn't valid UTF-8.");
  }
}

/** Why the system refused, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is a file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
    ELOOP: 'its links go in circles',
  };
  return words[code] ?? (code || 'unknown error');
}
