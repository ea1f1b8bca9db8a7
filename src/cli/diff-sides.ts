import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Backend } from '../backend/backend.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { GitProblem, openRepository } from '../diff/git.ts';
import { filesOnDisk, type InputFiles } from '../diff/input-files.ts';
import type { Loaded, Side, SideName } from '../diff/side.ts';
import { type Shelf, type Snapshot, takeSnapshot } from '../diff/snapshot.ts';
import { loadUnits, type Unit, withVariants } from '../library/units.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Tuning } from '../rule/tune.ts';
import { fileStart } from '../text/span.ts';
import { visible } from '../text/visible.ts';
import {
  askedTargets,
  type CommonOptions,
  type Context,
  createContext,
  type Surroundings,
} from './context.ts';
import { Misuse } from './misuse.ts';

/** The two sides of a comparison, and with what to tell people about the head. */
export interface Sides {
  readonly base: Side;
  readonly head: Side;
  readonly context: Context;
}

/** A project as one of the sides has it, before its files are read. */
interface Opened {
  readonly name: SideName;
  readonly context: Context | undefined;
  readonly files: InputFiles;
  readonly leftOut: Snapshot['leftOut'];
  /** The revision, where it is none on disk. */
  readonly snapshot?: Snapshot;
}

/** Opens both sides, the head first: what is wrong with it matters more. */
export async function openSides(
  names: { readonly base: string; readonly head: string | undefined },
  options: CommonOptions,
  surroundings: Surroundings,
  shelf: Shelf,
): Promise<Sides> {
  const head = await openHead(names.head, options, surroundings, shelf);
  const base = await openNamed(names.base, 'base', options, surroundings, shelf);
  const { context } = head;
  if (context === undefined) throw new Misuse(`There is no project at ${head.name.name}.`);
  if (base.context === undefined)
    context.tell(`${visible(base.name.name)} has no project here: everything is added\n`);
  const known = [...new Set([...namesOf(context), ...(base.context ? namesOf(base.context) : [])])];
  const asked = askedTargets(options, surroundings.env, known);
  for (const side of [base, head]) reportLeftOut(side, context.report);
  const sides = { base: await sideOf(base, asked), head: await sideOf(head, asked) };
  if (!context.areFilesSound()) {
    context.showDiagnostics();
    throw new Misuse(
      'The log sources, mappings or lists of the head have errors: nothing is compared.',
    );
  }
  if (base.context?.areFilesSound() === false)
    context.tell(
      'The log sources, mappings or lists of the base have errors: what they say is left out.\n',
    );
  return { ...sides, context };
}

/** What may be asked for: targets and destinations. */
function namesOf({ known, project }: Context): readonly string[] {
  return [...known, ...project.destinations.map(({ id }) => id)];
}

/** The work tree, unless the caller names something else. */
async function openHead(
  name: string | undefined,
  options: CommonOptions,
  surroundings: Surroundings,
  shelf: Shelf,
): Promise<Opened> {
  if (name !== undefined) return openNamed(name, 'head', options, surroundings, shelf);
  const context = await createContext(common(options.config, options.quiet), {
    cwd: surroundings.cwd,
    env: { ...surroundings.env, SIEMC_TARGETS: undefined },
  });
  return onDisk('the work tree', context);
}

/** What is asked of both sides; targets are chosen among those of both together. */
function common(config: string | undefined, quiet: boolean | undefined): CommonOptions {
  return { ...(config !== undefined && { config }), ...(quiet === true && { quiet }) };
}

/** A folder, or else a revision of the repository. */
async function openNamed(
  name: string,
  role: 'base' | 'head',
  { config, quiet }: CommonOptions,
  { cwd, env }: Surroundings,
  shelf: Shelf,
): Promise<Opened> {
  const named = config ?? (env['SIEMC_CONFIG'] || undefined);
  const plain = { ...env, SIEMC_TARGETS: undefined, SIEMC_CONFIG: undefined };
  const open = (at: string, file: string | undefined): Promise<Context> => {
    return naming(role, name, () => createContext(common(file, quiet), { cwd: at, env: plain }));
  };
  if (isFolder(name, cwd)) {
    const folder = resolve(cwd, name);
    const context = await open(folder, named);
    const { configFile, detections } = context.project;
    // What a folder above holds would be compared with itself.
    const isAbove =
      named === undefined && configFile !== undefined && dirname(configFile) !== folder;
    if (isAbove || (configFile === undefined && !existsSync(detections))) {
      const branch = looksLikePath(name) ? '' : ` A branch of that name is "refs/heads/${name}".`;
      throw new Misuse(
        `"${name}" holds no project: no siemc.config.yml and no detections.${branch}`,
      );
    }
    return onDisk(name, context);
  }
  if (name === '') throw new Misuse(`The ${role} has no name.`);
  const snapshot = asMisuse(() => {
    const repository = openRepository(cwd);
    const commit = repository.commitOf(name, 'neither a folder nor a revision');
    return takeSnapshot(repository, commit, cwd, named, shelf);
  });
  if (snapshot === undefined)
    throw new Misuse(`"${named}" lies outside of the repository: revisions don't have it.`);
  const { commit, exists, files, leftOut, config: file } = snapshot;
  const context = exists ? await open(snapshot.cwd, file) : undefined;
  if (!exists && role === 'head') throw new Misuse(`"${name}" has no project here.`);
  const side = { name: { name, commit, exists }, context, leftOut, snapshot };
  return { ...side, files: exists ? files : new Map() };
}

/** What looks like a path is one, and what is a folder, too. */
function isFolder(name: string, cwd: string): boolean {
  const isThere = statSync(resolve(cwd, name), { throwIfNoEntry: false })?.isDirectory() === true;
  if (isThere && name !== '') return true;
  if (looksLikePath(name)) throw new Misuse(`"${name}" is no folder.`);
  return false;
}

function looksLikePath(name: string): boolean {
  return /^(\.{1,2}$|\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(name);
}

function onDisk(name: string, context: Context): Opened {
  const files = filesOnDisk(context.project);
  return { name: { name, commit: undefined, exists: true }, context, files, leftOut: [] };
}

/** What git can't do is told like any other mistake in the call. */
function asMisuse<Value>(action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    if (error instanceof GitProblem) throw new Misuse(error.message, error.exit);
    throw error;
  }
}

/** Says on which side a project can't be used. */
async function naming<Value>(
  role: string,
  name: string,
  action: () => Promise<Value>,
): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    throw new Misuse(`The ${role}, ${name}: ${error.message}`, error.exit === 4 ? 4 : 2);
  }
}

const reasons: Readonly<
  Record<Snapshot['leftOut'][number]['why'], { code: string; says: string }>
> = {
  link: { code: 'file/link', says: "Links aren't followed: nothing behind this one is read" },
  repository: {
    code: 'file/link',
    says: "Other repositories aren't followed: nothing of this one is read",
  },
  size: { code: 'file/too-large', says: 'The file is larger than 16 MiB and left out' },
};

function reportLeftOut({ name, leftOut }: Opened, report: Report): void {
  for (const { path, why } of leftOut) {
    const { code, says } = reasons[why];
    const at = { file: { path, text: '' }, span: fileStart };
    report({ code, severity: 'warning', message: `${says} (${name.name}).`, at });
  }
}

async function sideOf(
  { name, context, files, snapshot }: Opened,
  asked: readonly string[] | undefined,
): Promise<Side> {
  const put = snapshot?.put ?? (() => {});
  if (context === undefined) {
    const detections = { folder: '', cwd: '', files: () => [] };
    const load = (): Loaded => ({ units: [], diagnostics: [] });
    return {
      name,
      project: undefined,
      cwd: '',
      files,
      detections,
      put,
      known: [],
      backends: [],
      load,
    };
  }
  const { cwd, project, known, loadBackends, loadCatalog, variants } = context;
  const wanted = asked?.filter((name) => namesOf(context).includes(name));
  const backends: readonly Backend[] = await loadBackends(wanted);
  const catalog = await loadCatalog();
  const installed = await Promise.all(
    variants.map(async (one) => ({ ...one, catalog: await one.loadCatalog() })),
  );
  const detections = {
    folder: project.detections,
    cwd,
    ...(snapshot !== undefined && { files: snapshot.rules }),
  };
  const load: Side['load'] = (paths, { isAll, isTuned }) => {
    const diagnostics: Diagnostic[] = [];
    const told = new Set<string>();
    // What is read for several destinations has the same findings each time.
    const report: Report = (diagnostic) => {
      const { code, message, at } = diagnostic;
      const key = JSON.stringify([code, message, at.file.path, at.span.start, at.span.end]);
      if (!told.has(key)) diagnostics.push(diagnostic);
      told.add(key);
    };
    const others = isAll ? undefined : detections;
    const read = (lists: Catalog, tunings: readonly Tuning[]): readonly Unit[] =>
      loadUnits(paths, known, report, others, lists, project.lints, tunings);
    const units = read(catalog, isTuned ? project.tunings : []);
    if (!isTuned) return { units, diagnostics };
    const at = installed.map((one) => [one.id, read(one.catalog, one.project.tunings)] as const);
    return { units: withVariants(units, new Map(at)), diagnostics };
  };
  return { name, project, cwd, files, detections, put, known, backends, load };
}
