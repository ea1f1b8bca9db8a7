import { reportClashes } from '../library/built/build.ts';
import { discover } from '../library/discover.ts';
import { diagnosticJson } from '../library/json-shapes.ts';
import { show } from '../library/paths.ts';
import { publishProblems } from '../library/project/publish-settings.ts';
import { readTests, reportStrayTests, rulesOfTest } from '../library/testing/tests-of.ts';
import { compileUnit, type Unit } from '../library/units.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';
import { prettyDiagnostics, sortDiagnostics } from './format/diagnostics.ts';
import { type ReportOptions, tellOutcome, withReports } from './reports.ts';
import { unitsOf } from './units-of.ts';

/** What `siemc check` takes. */
export type CheckOptions = CommonOptions & ReportOptions;

/** `siemc check [path...]`: schema, meaning, lint of rules and of their test files. */
export async function check(paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  return withReports('check', options, () => checkAll(paths, options));
}

async function checkAll(paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const start = performance.now();
  const context = await createContext(options);
  const { cwd, project, report, known } = context;
  const named = paths.length > 0 ? paths.flatMap(rulesOfTest) : [show(cwd, project.detections)];
  const { rules: files, tests: stray } = discover(cwd, named, report);
  const units = await unitsOf(context, files);
  reportClashes(units, report);
  const tests = readTests(files, units, known, cwd, report).files;
  reportStrayTests(stray, cwd, report);
  if (project.mappings.length > 0) await context.loadBackends(known);
  await reportPublishing(context);
  await reportRefusals(context, units);
  const found = sortDiagnostics(context.diagnostics);
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const warnings = found.filter(({ severity }) => severity === 'warning').length;
  const exit = exitFor(found);
  const what = `${count(units.length, 'rule')} in ${count(files.length, 'file')}, ${count(tests, 'test file')}`;
  const result =
    found.length === 0 ? 'no findings' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  if (options.format === 'pretty') {
    const shown = context.quiet ? found.filter(({ severity }) => severity === 'error') : found;
    process.stdout.write(context.logText(prettyDiagnostics(shown, context.out)));
  }
  const counts = { files: files.length, rules: units.length, tests, errors, warnings };
  const json = { summary: counts, diagnostics: found.map(diagnosticJson) };
  const summary = `${what}: ${result}`;
  await tellOutcome({ command: 'check', exit, summary, diagnostics: found, json }, options);
  if (options.format === 'json') return exit;
  const shownResult = found.length === 0 ? context.err.green(result) : result;
  context.tell(`check: ${what}: ${shownResult} (${since(start)})\n`);
  return exit;
}

/** What is wrong with where destinations say to publish. */
async function reportPublishing({ project, loadBackends, report }: Context): Promise<void> {
  for (const one of project.destinations.filter(({ publish }) => publish !== undefined)) {
    const backends = await loadBackends([one.id]);
    const backend = backends.find(({ destination }) => destination === one.id);
    for (const problem of backend === undefined ? [] : await publishProblems(one, backend))
      report(problem);
  }
}

/** What the targets that somebody asks for, in the call or the configuration, can't say. */
async function reportRefusals(context: Context, units: readonly Unit[]): Promise<void> {
  if (!context.narrowed && context.project.targets === undefined) return;
  const backends = await context.loadBackends();
  for (const { diagnostics } of units.flatMap((unit) => compileUnit(unit, backends))) {
    for (const diagnostic of diagnostics) context.report(diagnostic);
  }
}
