import type { Observed, Publisher } from '../backend/publisher.ts';
import { byCodePoint } from '../text/by-code-point.ts';

/**
 * What is in a SIEM as files: text by path. Names in it are whatever people typed: a path leads nowhere else, and no two
 * are the same where letters of both cases are.
 */
export function exportTree(
  { exported }: Pick<Publisher, 'exported'>,
  objects: readonly Observed[],
): ReadonlyMap<string, string> {
  const tree = new Map<string, string>();
  const taken: Taken = { files: new Set(), folders: new Set() };
  const sorted = objects.toSorted(
    (a, b) => byCodePoint(a.kind, b.kind) || byCodePoint(a.name, b.name) || byCodePoint(a.id, b.id),
  );
  for (const object of sorted) {
    for (const [path, text] of exported(object)) tree.set(freePath(path, taken), text);
  }
  return tree;
}

/** The longest step, in bytes; file systems take 255. */
const longest = 200;

/** A name that every file system takes, and that is no way up, no hidden file and no device. */
function safeStep(step: string): string {
  const plain = step.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"\\|?*]/gu, '_');
  const shown = plain.replace(/^[.\s]+|[.\s]+$/g, '_').replace(devices, '_$&') || '_';
  const [, name = '', end = ''] = /^(.*?)(\.[A-Za-z0-9.]{1,12})?$/s.exec(shown) ?? [];
  return cut(name, longest - end.length) + end;
}

const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

function cut(text: string, bytes: number): string {
  let kept = '';
  let size = 0;
  for (const letter of text) {
    size += Buffer.byteLength(letter);
    if (size > bytes) break;
    kept += letter;
  }
  return kept;
}

/** Paths that there are, in lower case. */
interface Taken {
  readonly files: Set<string>;
  readonly folders: Set<string>;
}

/** A path on which no file stands in the place of another, or of a folder. */
function freePath(path: string, { files, folders }: Taken): string {
  const steps = path.split('/').map(safeStep);
  const name = steps.pop() ?? '';
  let folder = '';
  for (const step of steps) {
    folder = numbered(`${folder}${step}`, (one) => files.has(one.toLowerCase()));
    folders.add(folder.toLowerCase());
    folder += '/';
  }
  const isTaken = (one: string): boolean =>
    [files, folders].some((all) => all.has(one.toLowerCase()));
  const free = numbered(`${folder}${name}`, isTaken);
  files.add(free.toLowerCase());
  return free;
}

/** The path, or with a number before its ending the first that isn't taken. */
function numbered(path: string, isTaken: (path: string) => boolean): string {
  const [, start = '', end = ''] = /^(.*?)((?:\.[^./]+)*)$/s.exec(path) ?? [];
  let free = path;
  for (let n = 2; isTaken(free); n += 1) free = `${start}-${n}${end}`;
  return free;
}
