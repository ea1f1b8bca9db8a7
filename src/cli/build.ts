import { join } from 'node:path';
import { unifiedDiff } from '../library/diff.ts';
import { outputProblem, realPath } from '../library/output-folder.ts';
import { show } from '../library/paths.ts';
import { recoverFolder } from '../library/replace-folder.ts';
import { compareTree, type TreeChange, writeTree } from '../library/tree.ts';
import { visible } from '../text/visible.ts';
import { buildTree } from './build-tree.ts';
import { type CommonOptions, type Context, createContext, type Surroundings } from './context.ts';
import { coverageChanges, writeCoverage } from './coverage-changes.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';
import { Misuse } from './misuse.ts';
import { checkFiles, readUnits } from './project-units.ts';

/** What `siemc build` takes. */
export interface BuildOptions extends CommonOptions {
  readonly check?: boolean;
  readonly format: string;
}

/**
 * `siemc build`: detections to dist-rules; with `--check` only says what is stale, and shows the diff.
 * Of files with errors, and of rules that correlations with errors name, it keeps what was built before, so
 * that a slip neither costs a published query nor publishes one.
 */
export async function build(options: BuildOptions, surroundings?: Surroundings): Promise<ExitCode> {
  const start = performance.now();
  const context = await createContext(options, surroundings);
  const { cwd, project } = context;
  checkCall(context);
  recoverFolder(realPath(project.output));
  const units = await readUnits(context);
  await checkFiles(context);
  const output = show(cwd, project.output);
  if (units.length === 0 && exitFor(context.diagnostics) !== 0) {
    context.showDiagnostics();
    return exitFor(context.diagnostics);
  }
  const { measured, tree, kinds, isWhole } = await buildTree(context, units);
  const pages = coverageChanges(context, measured, isWhole);
  context.showDiagnostics();
  const { output: folder } = project;
  const own =
    options.check === true
      ? compareTree(folder, tree, kinds)
      : await writeTree(folder, tree, kinds);
  const changes = [...own.map((one) => ({ ...one, path: join(output, one.path) })), ...pages];
  if (options.check === true) showStale(context, changes, options.format);
  else writeCoverage(context, pages);
  const { rules } = measured;
  const queries = rules
    .flatMap(({ targets }) => targets)
    .filter(({ query }) => query !== undefined).length;
  if (options.check !== true && options.format === 'json') {
    const paths = changes.map(({ path }) => path);
    process.stdout.write(`${JSON.stringify({ rules: rules.length, queries, changed: paths })}\n`);
  }
  const what = `${count(rules.length, 'rule')}, ${count(queries, 'query')} in ${visible(output)}/`;
  context.tell(`build: ${what}: ${stateOf(changes, options)} (${since(start)})\n`);
  const found = exitFor(context.diagnostics);
  return options.check === true && changes.length > 0 && found === 0 ? 1 : found;
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

function showStale(context: Context, changes: readonly TreeChange[], format: string): void {
  if (format === 'json') {
    const stale = changes.map(({ path, before, after }) => ({
      path,
      state: before === undefined ? 'missing' : after === undefined ? 'stale' : 'changed',
    }));
    process.stdout.write(`${JSON.stringify({ stale })}\n`);
    return;
  }
  const { out } = context;
  const lines = changes.flatMap(({ path, before, after }) => [
    out.bold(`--- ${before === undefined ? '/dev/null' : visible(path)}`),
    out.bold(`+++ ${after === undefined ? '/dev/null' : visible(path)}`),
    ...unifiedDiff(before ?? '', after ?? '').map((line) => paint(context, line)),
  ]);
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

function paint({ out }: Context, line: string): string {
  const text = line.split('\t').map(visible).join('\t');
  if (line.startsWith('+')) return out.green(text);
  if (line.startsWith('-')) return out.red(text);
  return line.startsWith('@@') ? out.cyan(text) : text;
}
