import { join } from 'node:path';
import { outputProblem, realPath } from '../library/built/output-folder.ts';
import { recoverFolder } from '../library/built/replace-folder.ts';
import { compareTree, type TreeChange, writeTree } from '../library/built/tree.ts';
import { show } from '../library/paths.ts';
import { visible } from '../text/visible.ts';
import { buildTree } from './build-tree.ts';
import { type CommonOptions, type Context, createContext, type Surroundings } from './context.ts';
import { coverageChanges, writeCoverage } from './coverage-changes.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';
import { Misuse } from './misuse.ts';
import { checkFiles, readUnits } from './project-units.ts';
import { tellsDiagnostics, withReports } from './reports.ts';
import { type BuildForms, checkForms, tellBuilt } from './tell-built.ts';

/** What `siemc build` takes. */
export type BuildOptions = CommonOptions & BuildForms;

/**
 * `siemc build`: detections to dist-rules; with `--check` only says what is stale, and shows the diff.
 * Of files with errors, and of rules that correlations with errors name, it keeps what was built before, so
 * that a slip neither costs a published query nor publishes one.
 */
export async function build(options: BuildOptions, surroundings?: Surroundings): Promise<ExitCode> {
  checkForms(options);
  return withReports('build', options, () => buildAll(options, surroundings), surroundings);
}

async function buildAll(options: BuildOptions, surroundings?: Surroundings): Promise<ExitCode> {
  const start = performance.now();
  const context = await createContext(options, surroundings);
  const { cwd, project } = context;
  checkCall(context);
  recoverFolder(realPath(project.output));
  const units = await readUnits(context);
  await checkFiles(context);
  const output = show(cwd, project.output);
  const summaryOfNone = await whyNone(context, units.length);
  if (summaryOfNone !== undefined) {
    const exit = exitFor(context.diagnostics);
    if (!tellsDiagnostics(options)) context.showDiagnostics();
    await tellBuilt(context, options, { exit, summary: summaryOfNone }, surroundings);
    return exit;
  }
  const { measured, tree, kinds, isWhole } = await buildTree(context, units);
  const pages = coverageChanges(context, measured, isWhole);
  if (!tellsDiagnostics(options)) context.showDiagnostics();
  const { output: folder } = project;
  const own =
    options.check === true
      ? compareTree(folder, tree, kinds)
      : await writeTree(folder, tree, kinds);
  const changes = [...own.map((one) => ({ ...one, path: join(output, one.path) })), ...pages];
  if (options.check !== true) writeCoverage(context, pages);
  const { rules } = measured;
  const queries = rules
    .flatMap(({ targets }) => targets)
    .filter(({ query }) => query !== undefined).length;
  const changed = changes.map(({ path }) => path);
  const json = { rules: rules.length, queries, changed };
  const what = `${count(rules.length, 'rule')}, ${count(queries, 'query')} in ${visible(output)}/`;
  const summary = `${what}: ${stateOf(changes, options)}`;
  const found = exitFor(context.diagnostics);
  const exit = options.check === true && changes.length > 0 && found === 0 ? 1 : found;
  await tellBuilt(context, options, { exit, summary, json, changes }, surroundings);
  context.tell(`build: ${summary} (${since(start)})\n`);
  return exit;
}

/** Why nothing is written, not even packages with the defaults of settings that are wrong: those open what they close. */
async function whyNone(
  { diagnostics, loadBackends }: Context,
  units: number,
): Promise<string | undefined> {
  if (units === 0 && exitFor(diagnostics) !== 0) return 'no rule can be built';
  await loadBackends();
  const isWrong = diagnostics.some(({ code }) => code === 'config/package');
  return isWrong ? 'nothing is written while settings of packages are wrong' : undefined;
}

function checkCall({ cwd, project, narrowed }: Context): void {
  if (narrowed) {
    throw new Misuse(
      'build writes every target of the configuration: it takes no --target and no SIEMC_TARGETS.',
    );
  }
  const problem = outputProblem(project);
  if (problem !== undefined)
    throw new Misuse(`The output folder "${show(cwd, project.output)}" can't be used: ${problem}.`);
}

function stateOf(changes: readonly TreeChange[], { check }: BuildOptions): string {
  if (check !== true) return `${count(changes.length, 'file')} changed`;
  return changes.length === 0 ? 'current' : `${count(changes.length, 'file')} stale`;
}
