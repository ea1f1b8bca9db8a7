import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../text-of.ts';

/** Reads files by their paths with `/` below a folder. What is a link, or lies behind one, isn't there. */
export function plainFiles(folder: string): (path: string) => string | undefined {
  const known = new Map<string, boolean>([['', true]]);
  const isPlainFolder = (path: string): boolean => {
    const is =
      known.get(path) ?? (isPlainFolder(above(path)) && statAt(path)?.isDirectory() === true);
    known.set(path, is);
    return is;
  };
  const statAt = (path: string): Stats | undefined =>
    lstatSync(join(folder, path), { throwIfNoEntry: false });
  return (path) =>
    isPlainFolder(above(path)) && statAt(path)?.isFile() === true
      ? textOf(join(folder, path))
      : undefined;
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
