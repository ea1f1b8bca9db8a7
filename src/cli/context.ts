import { resolve } from 'node:path';
import { backends as shipped } from '#backends';
import type { Backend } from '../backend/backend.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { type Project, readProject } from '../library/project/config.ts';
import { readStandardInput, readText } from '../library/read-file.ts';
import { type Levels, settle } from '../lint/settle.ts';
import type { Catalog } from '../plan/catalog.ts';
import { exitFor } from './exit.ts';
import { prettyDiagnostics, sortDiagnostics } from './format/diagnostics.ts';
import { logTextFor } from './format/log-text.ts';
import { type Installations, installationsOf } from './installations.ts';
import { Misuse } from './misuse.ts';
import { loadOwnBackends } from './own-backends.ts';
import { type Style, styleFor } from './style.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly quiet?: boolean;
  readonly target?: readonly string[];
}

/** What a command works with: the project, the targets, and how to tell people things. */
export interface Context {
  readonly cwd: string;
  readonly project: Project;
  /** The ids of all targets that could be compiled for: shipped ones and the user's own. */
  readonly known: readonly string[];
  /** The backends of the targets or destinations that are asked for, by the caller or else by the user. */
  loadBackends(names?: readonly string[]): Promise<readonly Backend[]>;
  /** The same without regard to destinations: one for each target. */
  loadTargets(names?: readonly string[]): Promise<readonly Backend[]>;
  /** The log sources, lists and windows that the project's rules are planned with. */
  loadCatalog(): Promise<Catalog>;
  /** The destinations where rules have other plans. */
  readonly variants: Installations['variants'];
  /** Whether the log sources, mappings and lists that were loaded have no errors. */
  areFilesSound(): boolean;
  /** Whether the call or the environment asks for other targets than the configuration. */
  readonly narrowed: boolean;
  readonly quiet: boolean;
  readonly report: Report;
  /** All that was reported so far. */
  readonly diagnostics: readonly Diagnostic[];
  readonly out: Style;
  readonly err: Style;
  /** Text for people as the log may have it that reads it: none of its lines is a command there. */
  logText(text: string): string;
  /** Text for people on standard error, unless they asked for quiet. */
  tell(text: string): void;
  /** The diagnostics so far, in order, on standard error; without those that were told otherwise. */
  showDiagnostics(told?: ReadonlySet<Diagnostic>): void;
}

/** Where a command runs, and with what environment. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the configuration and finds the backends. */
export async function createContext(
  options: CommonOptions,
  { cwd, env }: Surroundings = { cwd: process.cwd(), env: process.env },
): Promise<Context> {
  const diagnostics: Diagnostic[] = [];
  let levels: Levels = new Map();
  const told = new Set<string>();
  const report: Report = (diagnostic) => {
    const settled = settle(diagnostic, levels);
    if (settled === undefined) return;
    const { code, message, at } = settled;
    // A file that is read for several destinations has the same findings each time.
    const key = JSON.stringify([code, message, at.file.path, at.span.start, at.span.end]);
    if (!told.has(key)) diagnostics.push(settled);
    told.add(key);
  };
  const err = styleFor(process.stderr, env);
  const quiet = options.quiet === true;
  const logText = logTextFor(env);
  const show = (told: ReadonlySet<Diagnostic> = new Set()): void => {
    const shown = diagnostics.filter(
      (diagnostic) => !told.has(diagnostic) && !(quiet && diagnostic.severity !== 'error'),
    );
    process.stderr.write(logText(prettyDiagnostics(sortDiagnostics(shown), err)));
  };
  const project = readProject(cwd, options.config ?? (env['SIEMC_CONFIG'] || undefined), report);
  if (project === undefined) {
    show();
    const exit = exitFor(diagnostics) === 4 ? 4 : 2;
    throw new Misuse("The configuration can't be used.", exit, sortDiagnostics(diagnostics));
  }
  levels = project.lints;
  const own = await loadOwnBackends(project, Object.keys(shipped));
  const known = [...Object.keys(shipped), ...own.map(({ id }) => id)];
  const installations = installationsOf(project, own, cwd, report);
  if (exitFor(diagnostics) !== 0) {
    show();
    throw new Misuse("The configuration can't be used.");
  }
  const asked = askedTargets(options, env, installations.names);
  const wanted = asked ?? project.targets;
  checkTargets(wanted ?? [], installations.names);
  return {
    cwd,
    project,
    known,
    loadBackends: (names = wanted) => installations.loadBackends(names),
    loadTargets: (names = wanted) => installations.loadTargets(names),
    loadCatalog: installations.loadCatalog,
    variants: installations.variants,
    areFilesSound: installations.areSound,
    narrowed: asked !== undefined,
    quiet,
    report,
    diagnostics,
    out: styleFor(process.stdout, env),
    err,
    logText,
    tell: (text) => {
      if (!quiet) process.stderr.write(logText(text));
    },
    showDiagnostics: show,
  };
}

/** The targets that the call or else the environment asks for, all known. */
export function askedTargets(
  { target }: CommonOptions,
  env: Surroundings['env'],
  known: readonly string[],
): readonly string[] | undefined {
  const asked = target ?? envTargets(env['SIEMC_TARGETS']);
  if (asked?.length === 0) throw new Misuse('--target needs the id of a target.');
  checkTargets(asked ?? [], known);
  return asked;
}

function envTargets(value: string | undefined): readonly string[] | undefined {
  const list = value?.split(/[\s,]+/).filter((part) => part !== '') ?? [];
  return list.length === 0 ? undefined : list;
}

function checkTargets(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.find((target) => !known.includes(target));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known) ?? `The targets are ${known.join(', ')}.`;
  throw new Misuse(`There is no target "${unknown}". ${hint}`);
}

/** Reads a file that the command line names, or standard input; a problem is misuse. */
export function readNamedFile(
  { cwd }: Context,
  name: string,
  limit: number,
  stream = false,
): string {
  const isStream = stream && name === '-';
  const read = isStream ? readStandardInput(limit) : readText(resolve(cwd, name), limit);
  if ('text' in read) return read.text;
  const what = isStream ? 'standard input' : `"${name}"`;
  throw new Misuse(`${what}: ${read.problem}.`, read.code === 'file/unreadable' ? 4 : 2);
}
