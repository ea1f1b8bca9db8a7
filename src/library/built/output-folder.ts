import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isWithin } from '../paths.ts';
import type { Project } from '../project/config.ts';

/** Why a build must not write and remove files in the output folder that is configured, or nothing. */
export function outputProblem(project: Project): string | undefined {
  const folder = realPath(project.output);
  if (isWithin(folder, realPath(project.root))) return "it is the project's own folder or holds it";
  for (const [what, path] of readPaths(project)) {
    const other = realPath(path);
    if (isWithin(folder, other)) return `it is or holds ${what}`;
    if (isWithin(other, folder)) return `it lies in ${what}`;
  }
  return undefined;
}

/** What a project's files are read from, in words and absolute. */
export function readPaths({
  root,
  detections,
  samples,
  listFolder,
  lists,
  sources,
  mappings,
  destinations,
}: Project): readonly (readonly [what: string, path: string])[] {
  return [
    ['the folder of the detections', detections],
    ['the folder of the samples', samples],
    ['the folder of the lists', listFolder],
    ...[...lists, ...destinations.flatMap((one) => one.lists)].flatMap(({ name, file }) =>
      file === undefined
        ? []
        : [[`the file of the list "${name}"`, resolve(root, file.name)] as const],
    ),
    ...sources.map(
      ({ name }) => [`"${name}", which has log sources`, resolve(root, name)] as const,
    ),
    ...mappings.map(({ name }) => [`"${name}", which has mappings`, resolve(root, name)] as const),
  ];
}

/** Where a path leads; of one that isn't there yet, where its nearest folder leads. */
export function realPath(path: string): string {
  if (existsSync(path)) return realpathSync.native(path);
  return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
}
