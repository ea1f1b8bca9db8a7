import { isAbsolute, relative, sep } from 'node:path';

/** A path as people see it: relative, with `/`. */
export function show(cwd: string, path: string): string {
  return (relative(cwd, path) || '.').split(sep).join('/');
}

/** Whether a path is a folder itself or lies somewhere in it; both are absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}
