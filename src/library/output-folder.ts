import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Project } from './config.ts';
import { isWithin } from './paths.ts';

/** Why a build must not write and remove files in the output folder that is configured, or nothing. */
export function outputProblem({ root, detections, samples, output }: Project): string | undefined {
  const folder = realPath(output);
  if (isWithin(folder, realPath(root))) return "it is the project's own folder or holds it";
  for (const [what, path] of [
    ['detections', detections],
    ['samples', samples],
  ] as const) {
    const other = realPath(path);
    if (isWithin(folder, other)) return `it is or holds the folder of the ${what}`;
    if (isWithin(other, folder)) return `it lies in the folder of the ${what}`;
  }
  return undefined;
}

/** Where a path leads; of one that isn't there yet, where its nearest folder leads. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
}
