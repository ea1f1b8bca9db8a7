import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { backends as shipped } from '#backends';
import type { Backend } from '../backend/backend.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { type Project, readProject } from '../library/config.ts';
import { readTextFile } from '../library/read-file.ts';
import { prettyDiagnostics, sortDiagnostics } from './format/diagnostics.ts';
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
  /** Loads the backends of the targets that are asked for. */
  loadBackends(): Promise<readonly Backend[]>;
  readonly quiet: boolean;
  readonly report: Report;
  /** All that was reported so far. */
  readonly diagnostics: readonly Diagnostic[];
  readonly out: Style;
  readonly err: Style;
  /** Text for people on standard error, unless they asked for quiet. */
  tell(text: string): void;
  /** The diagnostics so far, in order, on standard error. */
  showDiagnostics(): void;
}

/** A mistake in the call or the configuration: exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** Reads the configuration and finds the backends. */
export async function createContext(options: CommonOptions): Promise<Context> {
  const cwd = process.cwd();
  const { env } = process;
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const err = styleFor(process.stderr, env);
  const quiet = options.quiet === true;
  const show = (): void => {
    const shown = quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
    process.stderr.write(prettyDiagnostics(sortDiagnostics(shown), err));
  };
  const project = readProject(cwd, options.config ?? env['SIEMC_CONFIG'], report);
  if (project === undefined) {
    show();
    throw new Misuse("The configuration can't be used.");
  }
  const own = await loadOwnBackends(project);
  const known = [...Object.keys(shipped), ...own.map(({ id }) => id)];
  const wanted = options.target ?? envTargets(env['SIEMC_TARGETS']) ?? project.targets;
  checkTargets(wanted ?? [], known);
  return {
    cwd,
    project,
    known,
    loadBackends: () => chooseBackends(own, wanted),
    quiet,
    report,
    diagnostics,
    out: styleFor(process.stdout, env),
    err,
    tell: (text) => {
      if (!quiet) process.stderr.write(text);
    },
    showDiagnostics: show,
  };
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

/** The backends of the wanted targets, the shipped ones first; only these are loaded. */
async function chooseBackends(
  own: readonly Backend[],
  wanted: readonly string[] | undefined,
): Promise<readonly Backend[]> {
  const isWanted = (id: string): boolean => wanted === undefined || wanted.includes(id);
  const loads = Object.entries(shipped).filter(([id]) => isWanted(id));
  const loaded = await Promise.all(loads.map(([, load]) => load()));
  return [...loaded, ...own.filter(({ id }) => isWanted(id))];
}

/** The user's own backends: modules whose exports are made by `defineBackend`. */
async function loadOwnBackends({ backends, root }: Project): Promise<readonly Backend[]> {
  const loaded: Backend[] = [];
  for (const specifier of backends) {
    const path = locate(specifier, root);
    let module: unknown;
    try {
      module = await import(pathToFileURL(path).href);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Misuse(`The backend "${specifier}" can't be loaded: ${why}`);
    }
    const found = Object.values(Object(module)).filter(isBackend);
    if (found.length === 0)
      throw new Misuse(`"${specifier}" exports no backend (see defineBackend).`);
    await checkMappings(found, specifier);
    loaded.push(...found);
  }
  return loaded;
}

function locate(specifier: string, root: string): string {
  if (!/^\.{0,2}\//.test(specifier)) {
    try {
      return createRequire(join(root, 'siemc.config.yml')).resolve(specifier);
    } catch {
      throw new Misuse(`The backend "${specifier}" isn't installed.`);
    }
  }
  const base = resolve(root, specifier);
  const path = ['', '.js', '.mjs', '.ts', '/index.js', '/index.mjs', '/index.ts']
    .map((end) => base + end)
    .find((candidate) => /\.[mc]?[jt]s$/.test(candidate) && existsSync(candidate));
  if (path === undefined) throw new Misuse(`There is no backend at "${relative(root, base)}".`);
  return path;
}

function isBackend(value: unknown): value is Backend {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'compile' in value &&
    'prepare' in value
  );
}

async function checkMappings(backends: readonly Backend[], specifier: string): Promise<void> {
  const { validate } = await import('../fields/mapping.schema.generated.js');
  for (const { fields } of backends) {
    for (const { path, document } of fields) {
      if (validate(document)) continue;
      const first = validate.errors?.[0];
      throw new Misuse(
        `The mapping "${path}" of the backend "${specifier}" isn't valid: ${first?.instancePath ?? ''} ${first?.message ?? ''}.`,
      );
    }
  }
}

/** Reads a file that the command line names; a problem is misuse. */
export function readNamedFile(context: Context, name: string): string {
  const file = readTextFile(resolve(context.cwd, name), name, context.report);
  if (file === undefined) throw new Misuse(`"${name}" can't be read.`);
  return file.text;
}
