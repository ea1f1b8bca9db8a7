import { fileURLToPath } from 'node:url';
import { projectFiles } from '../../src/library/own/project-files.ts';
import { readProject } from '../../src/library/project/config.ts';
import type { Catalog } from '../../src/plan/catalog.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the shipped detections are planned with: the lists and windows of the repository's configuration. */
export async function shippedLists(): Promise<Catalog> {
  const fail = ({ message }: { readonly message: string }): never => {
    throw new Error(message);
  };
  const project = readProject(root, `${root}siemc.config.yml`, fail);
  if (project === undefined) throw new Error('There is no configuration.');
  return projectFiles(project, [], root, fail).catalog();
}
