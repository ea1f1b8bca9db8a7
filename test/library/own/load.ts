import type { Backend } from '#backend';
import { projectFiles } from '../../../src/library/own/project-files.ts';
import { readProject } from '../../../src/library/project/config.ts';
import type { Catalog } from '../../../src/plan/catalog.ts';
import { positionIn } from '../../../src/text/source-file.ts';
import { folderOf } from '../../cli/siemc.ts';
import { backends } from '../../support/backends.ts';

/** A project's files, read, and what was told of them: `file:line:column code`. */
export interface Loaded {
  readonly cwd: string;
  readonly catalog: Catalog;
  readonly backends: readonly Backend[];
  readonly told: readonly string[];
  readonly messages: string;
  readonly sound: boolean;
}

/** Loads what a project with these files says beside its rules. */
export async function load(files: Readonly<Record<string, string>>): Promise<Loaded> {
  return loadIn(folderOf(files));
}

/** The same of a folder that is there. */
export async function loadIn(cwd: string): Promise<Loaded> {
  const told: string[] = [];
  const messages: string[] = [];
  const report: Parameters<typeof readProject>[2] = ({ at, code, message, hint }) => {
    const { line, column } = positionIn(at.file, at.span.start);
    told.push(`${at.file.path}:${line}:${column} ${code}`);
    messages.push([message, hint].filter(Boolean).join(' '));
  };
  const project = readProject(cwd, undefined, report);
  if (project === undefined) throw new Error(`The configuration is bad: ${messages.join('\n')}`);
  const ids = backends.map(({ id }) => id);
  const own = projectFiles(project, ids, cwd, report);
  const catalog = await own.catalog();
  const merged = await own.onto(backends);
  return {
    cwd,
    catalog,
    backends: merged,
    told,
    messages: messages.join('\n'),
    sound: own.areSound(),
  };
}

/** A configuration that names the folders `sources` and `mappings`. */
export const config = 'sources: [sources]\nmappings: [mappings]\n';

/** A file that says nothing, for a folder that has to have one. */
export const nothing: Readonly<Record<string, string>> = {
  'sources/none.yml': '',
  'mappings/none.yml': '',
};
