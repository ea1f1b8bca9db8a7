import { join } from 'node:path';
import { buildRules, queryTree, type Tree } from '../library/build.ts';
import { unifiedDiff } from '../library/diff.ts';
import { discoverRules, show } from '../library/discover.ts';
import { countCases } from '../library/tests-of.ts';
import { compareTree, type TreeChange, writeTree } from '../library/tree.ts';
import { loadUnits } from '../library/units.ts';
import { renderRulePage } from '../site/rule-page.ts';
import { version } from '../version.generated.js';
import { type CommonOptions, type Context, createContext, Misuse } from './context.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';

/** What `siemc build` takes. */
export interface BuildOptions extends CommonOptions {
  readonly check?: boolean;
  readonly format: string;
}

/** `siemc build`: detections to dist-rules; with `--check` only says what is stale, and shows the diff. */
export async function build(options: BuildOptions): Promise<ExitCode> {
  const start = performance.now();
  const context = await createContext(options);
  const { cwd, project, known, report } = context;
  const backends = await context.loadBackends();
  if (options.target !== undefined)
    throw new Misuse('build writes every target of the configuration: it takes no --target.');
  const files = discoverRules(cwd, [show(cwd, project.detections)], report);
  const units = loadUnits(files, known, report);
  const broken = exitFor(context.diagnostics);
  const rules = buildRules(units, project.detections, backends, (unit) => countCases(unit), report);
  const pages = rules.map((rule) => [`pages/${rule.stem}.md`, renderRulePage(rule)] as const);
  const tree: Tree = new Map([...queryTree(rules, version), ...pages]);
  context.showDiagnostics();
  if (broken !== 0 && files.length === 0) return broken;
  const changes = compareTree(project.output, tree);
  const output = show(cwd, project.output);
  const queries = rules.flatMap(({ targets }) =>
    targets.filter(({ query }) => query !== undefined),
  ).length;
  if (options.check === true) showStale(context, output, changes, options.format);
  else {
    writeTree(project.output, changes);
    if (options.format === 'json') {
      const paths = changes.map(({ path }) => join(output, path));
      process.stdout.write(`${JSON.stringify({ rules: rules.length, queries, changed: paths })}\n`);
    }
  }
  const what = `${count(rules.length, 'rule')}, ${count(backends.length, 'target')}, ${queries} queries in ${output}/`;
  const state =
    options.check === true
      ? changes.length === 0
        ? 'current'
        : `${count(changes.length, 'file')} stale`
      : `${count(changes.length, 'file')} changed`;
  context.tell(`build: ${what}: ${state} (${since(start)})\n`);
  const found = exitFor(context.diagnostics);
  return options.check === true && changes.length > 0 ? (found === 2 ? 2 : 1) : found;
}

function showStale(
  context: Context,
  output: string,
  changes: readonly TreeChange[],
  format: string,
): void {
  if (format === 'json') {
    const stale = changes.map(({ path, before, after }) => ({
      path: join(output, path),
      state: before === undefined ? 'missing' : after === undefined ? 'stale' : 'changed',
    }));
    process.stdout.write(`${JSON.stringify({ stale })}\n`);
    return;
  }
  const { out } = context;
  const lines = changes.flatMap(({ path, before, after }) => [
    out.bold(`--- ${before === undefined ? '/dev/null' : join(output, path)}`),
    out.bold(`+++ ${after === undefined ? '/dev/null' : join(output, path)}`),
    ...unifiedDiff(before ?? '', after ?? '').map((line) => paint(context, line)),
  ]);
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

function paint({ out }: Context, line: string): string {
  if (line.startsWith('+')) return out.green(line);
  if (line.startsWith('-')) return out.red(line);
  return line.startsWith('@@') ? out.cyan(line) : line;
}
