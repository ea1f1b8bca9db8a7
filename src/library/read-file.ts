import { readFileSync, readSync, statSync } from 'node:fs';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source-file.ts';
import { fileStart } from '../text/span.ts';

const mebibyte = 1024 * 1024;

/** How large files may be, in bytes. */
export const maxBytes: {
  /** Rules, tests, samples and configurations. */
  readonly source: number;
  readonly events: number;
} = { source: 16 * mebibyte, events: 500 * mebibyte };

/** The text of a file, or why there is none. */
export type Text = { readonly text: string } | { readonly code: string; readonly problem: string };

/** Reads a text file; what can't be read is reported under the name that people know it by. */
export function readTextFile(
  path: string,
  shown: string,
  report: Report,
  limit: number = maxBytes.source,
): SourceFile | undefined {
  return sourceFileOf(readText(path, limit), shown, report);
}

/** What was read as a file of a name; why nothing was is reported. */
export function sourceFileOf(read: Text, shown: string, report: Report): SourceFile | undefined {
  if ('text' in read) return { path: shown, text: read.text };
  report({
    code: read.code,
    severity: 'error',
    message: `${read.problem}.`,
    at: { file: { path: shown, text: '' }, span: fileStart },
  });
  return undefined;
}

/** Reads a regular file of at most so many bytes as UTF-8 text. */
export function readText(path: string, limit: number): Text {
  let bytes: Buffer;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return notFile('It is a folder');
    if (!stat.isFile()) return notFile("It isn't a regular file; only - names a stream");
    if (stat.size > limit) return tooLarge(limit);
    bytes = readFileSync(path);
  } catch (error) {
    return unreadable(error);
  }
  return decode(bytes, limit);
}

/** Reads standard input, at most so many bytes, as UTF-8 text. */
export function readStandardInput(limit: number): Text {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for (let chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
      size += chunk.length;
      if (size > limit) return tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    return unreadable(error);
  }
  return decode(Buffer.concat(chunks), limit);
}

/** The next bytes of standard input, none at its end; a terminal's that has none yet is waited for. */
function readChunk(): Buffer {
  const chunk = Buffer.alloc(mebibyte);
  for (;;) {
    try {
      return chunk.subarray(0, readSync(0, chunk));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EOF') return chunk.subarray(0, 0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Bytes as UTF-8 text, at most so many. */
export function decode(bytes: Buffer, limit: number): Text {
  if (bytes.length > limit) return tooLarge(limit);
  if (bytes.includes(0)) return { code: 'file/not-text', problem: 'The file holds binary data' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { code: 'file/not-text', problem: "The file isn't valid UTF-8" };
  }
}

function notFile(problem: string): Text {
  return { code: 'file/not-a-file', problem };
}

function tooLarge(limit: number): Text {
  return { code: 'file/too-large', problem: `The file is larger than ${limit / mebibyte} MiB` };
}

/** A path that names nothing is a mistake of the caller; that the system refuses is none. */
export function unreadable(error: unknown): { readonly code: string; readonly problem: string } {
  const code = isMissing(error) ? 'file/not-found' : 'file/unreadable';
  return { code, problem: `It can't be read: ${reason(error)}` };
}

function isMissing(error: unknown): boolean {
  const codes = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EISDIR'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Why the system refused, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EEXIST: 'a file is in the place of a folder',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is a file',
    ENOTEMPTY: 'it is a folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOSPC: 'the disk is full',
    EBUSY: "it is in use, or a file system of its own, and can't be moved",
    EXDEV: 'it lies in another file system than the folder that holds it',
    EROFS: 'the file system is read-only',
    ELOOP: 'its links go in circles',
    ENAMETOOLONG: 'its name is too long',
  };
  return words[code] ?? (code || 'unknown error');
}
