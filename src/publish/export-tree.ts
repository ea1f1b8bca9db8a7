import type { Observed, Publisher } from '../backend/publisher.ts';
import { byCodePoint } from '../text/by-code-point.ts';

/**
 * What is in a SIEM as files: text by path. Names in it are whatever people typed: a path leads nowhere else, and no two
 * are the same where letters of both cases are.
 */
export function exportTree(
  publisher: Publisher,
  objects: readonly Observed[],
): ReadonlyMap<string, string> {
  const tree = new Map<string, string>();
  const taken = new Set<string>();
  const sorted = objects.toSorted(
    (a, b) => byCodePoint(a.kind, b.kind) || byCodePoint(a.name, b.name) || byCodePoint(a.id, b.id),
  );
  for (const object of sorted) {
    for (const [path, text] of publisher.exported(object)) {
      const free = freePath(path.split('/').map(safeStep).join('/'), taken);
      taken.add(folded(free));
      tree.set(free, text);
    }
  }
  return tree;
}

/** The longest step, in bytes; file systems take 255. */
const longest = 200;

/** A name that every file system takes, and that is no way up, no hidden file and no device. */
function safeStep(step: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file system has a use for them.
  const plain = step.normalize('NFC').replace(/[\u0000-\u001f\u007f<>:"\\|?*]/g, '_');
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

function freePath(path: string, taken: ReadonlySet<string>): string {
  const [, name = '', end = ''] = /^(.*?)((?:\.[^./]+)*)$/s.exec(path) ?? [];
  let free = path;
  for (let n = 2; isTaken(free, taken); n += 1) free = `${name}-${n}${end}`;
  return free;
}

/** Also where a file would be in the place of a folder. */
function isTaken(path: string, taken: ReadonlySet<string>): boolean {
  const own = folded(path);
  if (taken.has(own)) return true;
  const steps = own.split('/');
  return steps.some((_, index) => index > 0 && taken.has(steps.slice(0, index).join('/')));
}

function folded(path: string): string {
  return path.toLowerCase();
}
