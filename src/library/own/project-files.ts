import type { Backend } from '../../backend/backend.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { Catalog } from '../../plan/catalog.ts';
import type { Project } from '../project/config.ts';
import { loadLists } from './lists.ts';
import { loadMappings, type OwnMappings } from './mappings.ts';
import { loadSources } from './sources.ts';

/** What a project says beside its rules: log sources, mappings, lists. All is read once, when it is asked for. */
export interface ProjectFiles {
  /** What rules are planned with. */
  catalog(): Promise<Catalog>;
  /** Backends with the project's mappings over their own. */
  onto(backends: readonly Backend[]): Promise<readonly Backend[]>;
  /** Whether none of the files that were read has errors. */
  areSound(): boolean;
}

/** The files of a project; `targets` are the ids of all backends that there are. */
export function projectFiles(
  project: Project,
  targets: readonly string[],
  cwd: string,
  report: Report,
): ProjectFiles {
  let sound = true;
  const watched: Report = (diagnostic) => {
    if (diagnostic.severity === 'error') sound = false;
    report(diagnostic);
  };
  let catalog: Promise<Catalog> | undefined;
  let sources: Promise<readonly LogSource[]> | undefined;
  let mappings: Promise<OwnMappings> | undefined;
  const readSources = (): Promise<readonly LogSource[]> => {
    sources ??= loadSources(project, cwd, watched);
    return sources;
  };
  const readMappings = async (): Promise<OwnMappings> =>
    loadMappings(project, cwd, { sources: await readSources(), targets }, watched);
  const readCatalog = async (): Promise<Catalog> => ({
    sources: await readSources(),
    lists: loadLists(project, cwd, watched),
    windows: project.windows,
  });
  return {
    catalog() {
      catalog ??= readCatalog();
      return catalog;
    },
    async onto(backends) {
      if (project.mappings.length + project.choices.length === 0) return backends;
      mappings ??= readMappings();
      const { on } = await mappings;
      return backends.map(on);
    },
    areSound: () => sound,
  };
}
