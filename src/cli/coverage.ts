import { resolve } from 'node:path';
import { type Cell, type Coverage, type Measured, measureCoverage } from '../coverage/coverage.ts';
import { coverageProblems } from '../coverage/problems.ts';
import { coverageTable, objectTitle } from '../coverage/table.ts';
import { buildRules, sharedParts } from '../library/built/build.ts';
import { countCases } from '../library/testing/tests-of.ts';
import { visible } from '../text/visible.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { coverageText } from './coverage-changes.ts';
import { type ExitCode, exitFor } from './exit.ts';
import { checkFiles, readUnits } from './project-units.ts';

/** What `siemc coverage` takes. */
export interface CoverageOptions extends CommonOptions {
  readonly format: string;
  readonly navigator?: boolean;
}

/**
 * `siemc coverage`: what the rules find, by objects of ATT&CK, providers and targets. Rules with errors would be
 * missing in silence: then it tells these and counts nothing.
 */
export async function coverage(options: CoverageOptions): Promise<ExitCode> {
  const context = await createContext(options);
  const measured = await measure(context);
  if (measured === undefined) {
    context.showDiagnostics();
    return exitFor(context.diagnostics);
  }
  const { cwd, project, known, report } = context;
  const counted = measureCoverage(measured);
  if (project.coverage !== undefined && !context.narrowed) {
    for (const problem of coverageProblems(counted, project.coverage, known)) report(problem);
  }
  const page = project.coverage?.page?.name;
  const path = page === undefined ? resolve(cwd, 'coverage.md') : resolve(project.root, page);
  const place = { path, output: project.output };
  const text =
    options.navigator === true
      ? coverageText('layer', measured, counted, place)
      : options.format === 'markdown'
        ? coverageText('page', measured, counted, place)
        : options.format === 'json'
          ? `${JSON.stringify(coverageJson(counted))}\n`
          : prettyCoverage(context, counted);
  process.stdout.write(text);
  const errors = context.diagnostics.filter(({ severity }) => severity === 'error');
  context.showDiagnostics(new Set(context.diagnostics.filter((one) => !errors.includes(one))));
  return exitFor(errors);
}

/** Everything is compiled as by a build; what targets refuse is a reason here, not an error. */
async function measure(context: Context): Promise<Measured | undefined> {
  const { project, loadBackends } = context;
  const units = await readUnits(context);
  await checkFiles(context);
  const isWhole = units.every(({ plan }) => plan !== undefined);
  if (!isWhole || exitFor(context.diagnostics) !== 0) return undefined;
  const backends = await loadBackends();
  const casesOf = (unit: (typeof units)[number]): number => countCases(unit, units);
  const rules = buildRules(units, project.detections, backends, casesOf, () => {});
  const parts = sharedParts(units, rules, project.detections, backends, casesOf);
  return { rules, parts, backends, settings: project.coverage };
}

function coverageJson({ targets, objects, others }: Coverage): object {
  const objectJson = ({ object, rows, rules, cases, counts }: Coverage['objects'][number]) => ({
    id: object.id,
    name: object.name ?? null,
    kind: object.kind,
    rules,
    cases,
    targets: Object.fromEntries(counts.map((one) => [one.target, one.rules])),
    rows: rows.map(({ kind, id, title, cells }) => ({
      [kind]: id,
      title,
      cells: cells.map((cell) => ({
        ...cell,
        evidence: cell.evidence ?? null,
        gaps: gapsJson(cell),
      })),
    })),
  });
  return { targets, objects: objects.map(objectJson), others: others.map(objectJson) };
}

function gapsJson({ gaps }: Cell): readonly object[] {
  return gaps.map(({ kind, code, message, rules }) => ({
    kind,
    code: code ?? null,
    message,
    rules,
  }));
}

function prettyCoverage({ out }: Context, coverage: Coverage): string {
  const { targets, objects, others } = coverage;
  const blocks = objects.map((covered) => {
    const { rows, notes } = coverageTable(covered, coverage);
    const table = aligned([
      ['', ...targets.map(({ title }) => title)],
      ...rows.map(({ title, cells }) => [title, ...cells]),
    ]);
    const reasons = notes.map(({ number, where, text, slug }) =>
      visible(`  [${number}] ${where}: ${text}${slug === undefined ? '' : ` ${slug}`}`),
    );
    return [out.bold(visible(objectTitle(covered.object))), ...table, ...reasons.map(out.dim)];
  });
  const rest = aligned([
    ['', 'rules', 'cases', ...targets.map(({ title }) => title)],
    ...others.map(({ object, rules, cases, counts }) => [
      objectTitle(object),
      String(rules),
      String(cases),
      ...counts.map((one) => String(one.rules)),
    ]),
  ]);
  const last = others.length === 0 ? [] : [[out.bold('Other objects'), ...rest]];
  return [...blocks, ...last].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const shown = rows.map((row) => row.map(visible));
  const widths = (shown[0] ?? []).map((_, index) =>
    shown.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), 0),
  );
  return shown.map((row) =>
    `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}
