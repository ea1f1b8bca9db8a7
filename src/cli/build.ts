import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Measured } from '../coverage/coverage.ts';
import { buildRules, fileStem, isSharedPart, queryTree, sharedParts } from '../library/build.ts';
import type { Tree } from '../library/built-tree.ts';
import { unifiedDiff } from '../library/diff.ts';
import { type Former, formerRules, isAmong, keepFormer } from '../library/former.ts';
import { outputProblem } from '../library/output-folder.ts';
import { show } from '../library/paths.ts';
import {
  baselineSurveys,
  formerSurveys,
  healthSurveys,
  type Survey,
  surveyTree,
} from '../library/surveys.ts';
import { countCases } from '../library/tests-of.ts';
import { compareTree, type TreeChange, writeTree } from '../library/tree.ts';
import { type Unit, withOwners } from '../library/units.ts';
import { isUnsettled, wasBuilt } from '../library/unsettled.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { renderRulePage } from '../site/rule-page.ts';
import { visible } from '../text/visible.ts';
import { version } from '../version.generated.js';
import { type CommonOptions, type Context, createContext, type Surroundings } from './context.ts';
import { coverageChanges, writeCoverage } from './coverage-changes.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';
import { Misuse } from './misuse.ts';
import { checkFiles, readUnits } from './project-units.ts';
import { toldPart } from './told-part.ts';

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
  const units = await readUnits(context);
  await checkFiles(context);
  const output = show(cwd, project.output);
  if (units.length === 0 && exitFor(context.diagnostics) !== 0) {
    context.showDiagnostics();
    return exitFor(context.diagnostics);
  }
  const { measured, tree, isWhole } = await buildTree(context, units);
  const pages = coverageChanges(context, measured, isWhole);
  context.showDiagnostics();
  const changes = [...tree.map((one) => ({ ...one, path: join(output, one.path) })), ...pages];
  if (options.check === true) showStale(context, changes, options.format);
  else {
    writeTree(project.output, tree);
    writeCoverage(context, pages);
  }
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

/** What was built, how the disk differs from it, and whether no rule is missing for its errors. */
interface Built {
  readonly measured: Measured;
  readonly tree: readonly TreeChange[];
  readonly isWhole: boolean;
}

async function buildTree(
  { cwd, project, known, report, diagnostics, loadBackends, tell }: Context,
  units: readonly Unit[],
): Promise<Built> {
  const broken = new Set(
    diagnostics.filter(({ severity }) => severity === 'error').map(({ at }) => at.file.path),
  );
  // What a filter in another file lacks costs no query that was built before.
  for (const { plan, path } of units) if (plan === undefined) broken.add(path.shown);
  const stems = [...broken].map((path) => fileStem(resolve(cwd, path), project.detections));
  const former = formerRules(project.output);
  const good = units
    .filter(({ path }) => !broken.has(path.shown))
    .map((unit) =>
      withOwners(
        unit,
        unit.owners.map((owner) => ({
          ...owner,
          broken: owner.broken || broken.has(owner.path.shown),
        })),
      ),
    );
  const open = good.filter((unit) => isUnsettled(unit, former, stems));
  const settled = good.filter((unit) => !open.includes(unit));
  const backends = await loadBackends();
  const casesOf = (unit: Unit): number => countCases(unit, good);
  const rules = buildRules(settled, project.detections, backends, casesOf, report);
  const parts = sharedParts(settled, rules, project.detections, backends, casesOf);
  const pages = rules.map(
    (rule) =>
      [`pages/${rule.stem}.md`, renderRulePage(rule, backends, [...rules, ...parts])] as const,
  );
  const surveys = [
    ...healthSurveys(sourcesRead(settled), backends),
    ...baselineSurveys(settled, backends, { declared: true, detections: project.detections }),
  ];
  for (const survey of surveys) tell(untold(survey));
  const own: Tree = new Map([...queryTree([...rules, ...parts], version), ...pages]);
  const surveyed = settled.length < units.length ? formerSurveys(project.output, backends) : [];
  const built: Tree = new Map([...surveyed, ...own, ...surveyTree(surveys, own)]);
  const isKept = (rule: Former): boolean =>
    isAmong(rule.rule, stems) || open.some((unit) => wasBuilt(unit, rule));
  const tree = keepFormer(project.output, built, isKept);
  const ids = known.filter((id) => existsSync(join(project.output, id)));
  const kinds = [...backends, ...(await loadBackends(ids))];
  for (const unit of settled) {
    if (unit.partOf === undefined || isSharedPart(unit)) tell(toldPart(unit, backends));
  }
  const measured = { rules, parts, backends, settings: project.coverage };
  const isWhole = broken.size === 0 && settled.length === units.length;
  return { measured, tree: compareTree(project.output, tree, kinds), isWhole };
}

/** The log sources of rules, each once. */
function sourcesRead(units: readonly Unit[]): readonly LogSource[] {
  const plans = units.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  return [...new Map(plans.flatMap(sourcesOf).map((source) => [source.name, source])).values()];
}

/** Why there is no query that fills a list. */
function untold({ query, of, backend, diagnostics: [first] }: Survey): string {
  if (query !== undefined || first === undefined) return '';
  return `${visible(`No query fills the list "${of}" on ${backend.id}: ${first.message}`)}\n`;
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
