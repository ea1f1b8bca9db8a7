import { backends as shipped } from '#backends';
import type { Backend } from '../backend/backend.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { type ProjectFiles, projectFiles } from '../library/own/project-files.ts';
import type { Project } from '../library/project/config.ts';
import {
  checkDestinations,
  type Destination,
  hasOwnPlans,
} from '../library/project/destinations.ts';
import { settingProblems } from '../library/project/package-settings.ts';
import { projectAt } from '../library/project/project-at.ts';
import type { Catalog } from '../plan/catalog.ts';

/** The targets of a project and where their queries go, each loaded when it is wanted. */
export interface Installations {
  /** The ids of all targets, then those of destinations that are called otherwise. */
  readonly names: readonly string[];
  /** The targets of these names, once each, as the project maps them. */
  loadTargets(names?: readonly string[]): Promise<readonly Backend[]>;
  /** A backend for every destination of these names; a target's name is that of all its destinations. */
  loadBackends(names?: readonly string[]): Promise<readonly Backend[]>;
  /** What the rules of the project are planned with. */
  loadCatalog(): Promise<Catalog>;
  /** Destinations where rules have other plans, by their ids. */
  readonly variants: readonly Variant[];
  /** Whether what was loaded of the project's files has no errors. */
  areSound(): boolean;
}

/** The project as it is at a destination that sets something in rules or lists. */
export interface Variant {
  readonly id: string;
  readonly target: string;
  readonly project: Project;
  loadCatalog(): Promise<Catalog>;
}

/** The installations of a project with these backends of its own. */
export function installationsOf(
  project: Project,
  own: readonly Backend[],
  cwd: string,
  report: Report,
): Installations {
  const targets = [...Object.keys(shipped), ...own.map(({ id }) => id)];
  const { destinations } = project;
  checkDestinations(destinations, targets, report);
  const files = projectFiles(project, targets, cwd, report);
  const filesAt = new Map<Destination, ProjectFiles>();
  for (const one of destinations) {
    const differs = hasOwnPlans(one) || one.choices.length > 0;
    const at = differs ? projectFiles(projectAt(project, one), targets, cwd, report) : files;
    filesAt.set(one, at);
  }
  const installed = new Map<string, Promise<Backend>>();
  const install = async (backend: Backend, one: Destination): Promise<Backend> => {
    const [mapped = backend] = await (filesAt.get(one) ?? files).onto([backend]);
    for (const problem of settingProblems(one, mapped)) report(problem);
    const title = one.id === backend.id ? backend.title : `${backend.title} (${one.id})`;
    return { ...mapped, destination: one.id, title, settings: one.settings };
  };
  const load = async (names: readonly string[] | undefined): Promise<readonly Backend[]> => {
    const wanted =
      names &&
      new Set([
        ...names,
        ...destinations.flatMap(({ id, target }) => (names.includes(id) ? [target.name] : [])),
      ]);
    const isWanted = (id: string): boolean => wanted === undefined || wanted.has(id);
    const loads = Object.entries(shipped).filter(([id]) => isWanted(id));
    const loaded = await Promise.all(loads.map(([, one]) => one()));
    return [...loaded, ...own.filter(({ id }) => isWanted(id))];
  };
  return {
    names: [...new Set([...targets, ...destinations.map(({ id }) => id)])],
    loadTargets: async (names) => files.onto(await load(names)),
    async loadBackends(names) {
      const all = await load(names);
      const made = all.flatMap((backend) => {
        const at = destinations.filter(({ target }) => target.name === backend.id);
        if (at.length === 0) return [files.onto([backend])];
        return at
          .filter(
            ({ id }) => names === undefined || names.includes(backend.id) || names.includes(id),
          )
          .map(async (one) => {
            const known = installed.get(one.id) ?? install(backend, one);
            installed.set(one.id, known);
            return [await known];
          });
      });
      return (await Promise.all(made)).flat();
    },
    loadCatalog: files.catalog,
    variants: destinations.filter(hasOwnPlans).map((one) => ({
      id: one.id,
      target: one.target.name,
      project: projectAt(project, one),
      loadCatalog: () => (filesAt.get(one) ?? files).catalog(),
    })),
    areSound: () => [files, ...filesAt.values()].every(({ areSound }) => areSound()),
  };
}
