import { discover } from '../library/discover.ts';
import { resultJson } from '../library/json-shapes.ts';
import { show } from '../library/paths.ts';
import { casesAsSet, setOtherwise } from '../library/testing/as-set.ts';
import { reportUncovered, type SeenRecord } from '../library/testing/field-coverage.ts';
import { runUnitTests, type TestResult } from '../library/testing/run-tests.ts';
import { sampleStore } from '../library/testing/samples.ts';
import { readTests, reportStrayTests, rulesOfTest } from '../library/testing/tests-of.ts';
import type { Unit } from '../library/units.ts';
import { visible } from '../text/visible.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';
import { prettyDiagnostics, sortDiagnostics } from './format/diagnostics.ts';
import { explainResult } from './format/explain-result.ts';
import { Misuse } from './misuse.ts';
import { mutate } from './mutate.ts';
import { createProgress } from './progress.ts';
import { type ReportOptions, tellOutcome, tellsDiagnostics, withReports } from './reports.ts';
import { unitsOf } from './units-of.ts';

/** What `siemc test` takes. */
export interface TestOptions extends CommonOptions, ReportOptions {
  readonly mutate?: boolean;
  readonly minScore?: number;
  readonly minRuleScore?: number;
}

/** `siemc test [path...]`: every case on the reference and on each target's compiled text. */
export async function test(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  checkCall(options);
  return withReports('test', options, () => testAll(paths, options));
}

async function testAll(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  const start = performance.now();
  const context = await createContext(options);
  const { cwd, project, known, report } = context;
  const named = paths.length > 0 ? paths.flatMap(rulesOfTest) : [show(cwd, project.detections)];
  const { rules: files, tests: stray } = discover(cwd, named, report);
  // A rule's tests are about the rule as it is written.
  const units = await unitsOf(context, files, { asWritten: true });
  const tests = readTests(files, units, known, cwd, report);
  reportStrayTests(stray, cwd, report);
  const samples = sampleStore(project.samples, project.root);
  if (options.mutate === true) {
    const goals = { score: options.minScore, ruleScore: options.minRuleScore };
    return mutate(context, units, tests, samples, goals, options.format);
  }
  const backends = await context.loadBackends();
  const progress = createProgress('testing rules', units.length, context.quiet);
  // What ships where something is set in rules or lists.
  const isSet = project.tunings.length + context.variants.length > 0;
  const shipped = isSet ? await unitsOf(context, files) : [];
  const results = new Map<Unit, readonly TestResult[]>();
  for (const [index, unit] of units.entries()) {
    const own = tests.of(unit);
    if (own !== undefined) {
      const seen: SeenRecord[] = [];
      const see = (record: SeenRecord) => void seen.push(record);
      const written = runUnitTests(unit, backends, samples, report, own, see);
      const set = setOtherwise(unit, shipped[index], backends).flatMap((one) =>
        runUnitTests(one.unit, [one.backend], samples, () => {}, casesAsSet(own, one)),
      );
      results.set(unit, [...written, ...set.filter(({ target }) => target !== 'sigma')]);
      reportUncovered(unit, units, seen, report);
    }
    // A part of a correlation is tested with it.
    else if (unit.partOf === undefined) results.set(unit, []);
    progress.step();
  }
  progress.end();
  const summary = summarize([...results.values()]);
  const line = `${count(summary.rules, 'rule')}, ${count(backends.length, 'target')}, ${sentence(summary)}`;
  const good = summary.failed + summary.diverged + summary.refused === 0;
  const isPretty = options.format === 'pretty';
  if (isPretty) {
    context.showDiagnostics();
    process.stdout.write(context.logText(prettyResults(results, context)));
    const { green, red } = context.out;
    process.stdout.write(`test: ${good ? green(line) : red(line)} (${since(start)})\n`);
  }
  const found = exitFor(context.diagnostics);
  const exit = found !== 0 || good ? found : 1;
  const tested = [...results].map(([unit, list]) => ({ unit, results: list }));
  const json = { summary, results: tested.flatMap((one) => one.results.map(resultJson)) };
  const diagnostics = sortDiagnostics(context.diagnostics);
  const outcome = { command: 'test', exit, summary: line, diagnostics, tested, json } as const;
  await tellOutcome(outcome, options);
  if (isPretty) return exit;
  if (!tellsDiagnostics(options)) context.showDiagnostics();
  if (options.format !== 'json') context.tell(`test: ${line} (${since(start)})\n`);
  return exit;
}

/** Mutants are run on what rules mean: they have no queries, and a form of their own. */
function checkCall(options: TestOptions): void {
  const { mutate: mutates, target, minScore, minRuleScore, format, report } = options;
  if (mutates === true) {
    if (target !== undefined)
      throw new Misuse('Mutants are run on what rules mean: --mutate takes no --target.');
    if (report !== undefined || (format !== 'pretty' && format !== 'json'))
      throw new Misuse('What --mutate finds is told as "pretty" or "json", on standard output.');
    return;
  }
  const given = minScore === undefined ? '--min-rule-score' : '--min-score';
  if (minScore !== undefined || minRuleScore !== undefined)
    throw new Misuse(`"${given}" is about mutants: it needs --mutate.`);
}

interface Summary {
  readonly rules: number;
  readonly cases: number;
  readonly runs: number;
  readonly passed: number;
  readonly failed: number;
  readonly diverged: number;
  readonly refused: number;
}

function summarize(results: readonly (readonly TestResult[])[]): Summary {
  const all = results.flat();
  const of = (status: TestResult['status']): number =>
    all.filter((result) => result.status === status).length;
  return {
    rules: results.length,
    cases: results.reduce((n, list) => n + casesIn(list), 0),
    runs: all.length,
    passed: of('passed'),
    failed: of('failed'),
    diverged: of('diverged'),
    refused: of('refused'),
  };
}

function sentence({ cases, runs, passed, failed, diverged, refused }: Summary): string {
  const parts = [
    `${passed} passed`,
    `${failed} failed`,
    `${diverged} diverged`,
    `${refused} refused`,
  ];
  return `${count(cases, 'case')}, ${count(runs, 'run')}: ${parts.join(', ')}`;
}

/** The number of cases that results of one rule are for. */
function casesIn(results: readonly TestResult[]): number {
  return new Set(results.map((result) => result.case)).size;
}

function prettyResults(
  results: ReadonlyMap<Unit, readonly TestResult[]>,
  { out, quiet }: Context,
): string {
  let text = '';
  for (const [unit, list] of results) {
    const bad = list.filter(({ status }) => status !== 'passed');
    if (quiet && bad.length === 0) continue;
    const mark =
      list.length === 0 ? out.yellow('-') : bad.length === 0 ? out.green('✓') : out.red('✗');
    const tail =
      list.length === 0
        ? 'no tests'
        : `${count(casesIn(list), 'case')}, ${count(list.length, 'run')}`;
    text += `${mark} ${visible(unit.rule.title)} ${out.dim(`${visible(unit.path.shown)}: ${tail}`)}\n`;
    const shown = new Set<string>();
    for (const result of bad) {
      text += `    ${out.red(result.status)} on ${result.target}: ${visible(result.case)}: ${visible(explainResult(result))}\n`;
      if (result.status !== 'refused' || shown.has(result.target)) continue;
      shown.add(result.target);
      text += prettyDiagnostics(result.diagnostics, out).replace(/^(?=.)/gm, '      ');
    }
  }
  return text;
}
