import { existsSync, lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { groupBy } from '../../text/group-by.ts';
import { fileStart } from '../../text/span.ts';
import type { RulePath } from '../discover.ts';
import { show } from '../paths.ts';
import { readTextFile } from '../read-file.ts';
import type { Unit } from '../units.ts';
import { readTestFile, type TestFile } from './test-file.ts';

/** The test files of some rule files. */
export interface Tests {
  /** The tests of a rule; nothing where it has none or they can't be read. */
  of(unit: Unit): TestFile | undefined;
  /** How many test files there are. */
  readonly files: number;
}

/** The test file that stands beside a rule file. */
export function testPathOf(rulePath: string): string {
  return rulePath.replace(/\.ya?ml$/, '.test.yaml');
}

/** The rule files beside a test file; anything else is itself. */
export function rulesOfTest(path: string): readonly string[] {
  if (!path.endsWith('.test.yaml')) return [path];
  const stem = path.replace(/\.test\.yaml$/, '');
  if (/[*?]/.test(path)) return [`${stem}.y*ml`];
  const beside = [`${stem}.yml`, `${stem}.yaml`].filter((rule) => existsSync(rule));
  return beside.length > 0 ? beside : [`${stem}.yml`];
}

/** Reads and checks the test files beside rule files, each once. */
export function readTests(
  rules: readonly RulePath[],
  units: readonly Unit[],
  known: readonly string[],
  cwd: string,
  report: Report,
): Tests {
  const read = new Map<string, TestFile | undefined>();
  for (const path of new Set(rules.map((rule) => testPathOf(rule.path)))) {
    if (!existsSync(path)) continue;
    const tests = readTestsAt(path, cwd, report);
    read.set(path, tests);
    const meant = besideTest(path, units);
    if (tests !== undefined) checkTests(tests, meant, known, report);
  }
  return {
    files: read.size,
    of: (unit) => pick(read.get(testPathOf(unit.path.path)), unit, units),
  };
}

/** The tests of one rule among those of its file, unchecked. */
function readTestsOf(
  unit: Unit,
  units: readonly Unit[],
  cwd: string,
  report: Report,
): TestFile | undefined {
  const path = testPathOf(unit.path.path);
  return existsSync(path) ? pick(readTestsAt(path, cwd, report), unit, units) : undefined;
}

/**
 * The number of a rule's test cases as `siemc test` counts them, one per value of `each`; problems of the file are told
 * when they are run.
 */
export function countCases(unit: Unit, units: readonly Unit[]): number {
  const cases = readTestsOf(unit, units, '.', () => {})?.cases ?? [];
  return cases.reduce((sum, { events, each, native }) => {
    const combinations = Object.values(each).reduce(
      (product, values) => product * values.length,
      1,
    );
    const natives = Object.keys(native).length > 0 ? 1 : 0;
    return sum + (events.length > 0 ? combinations : 0) + natives;
  }, 0);
}

/** Tells which test files nobody runs: those without a rule, and those whose name ends otherwise. */
export function reportStrayTests(tests: readonly string[], cwd: string, report: Report): void {
  for (const path of [...tests].sort(byCodePoint)) {
    const at = { file: { path: show(cwd, path), text: '' }, span: fileStart };
    if (path.endsWith('.yml')) {
      const message = "Names of tests end in .test.yaml: this file isn't run.";
      report({ code: 'test/file-name', severity: 'warning', message, at });
    } else if (!rulesOfTest(path).some((rule) => existsSync(rule))) {
      const name = basename(path).replace(/\.test\.yaml$/, '.yml');
      const message = `There is no rule file "${name}" beside this test file: it isn't run.`;
      report({ code: 'test/no-rule', severity: 'error', message, at });
    }
  }
}

function readTestsAt(path: string, cwd: string, report: Report): TestFile | undefined {
  const shown = show(cwd, path);
  // A link could lead out of the project, and a code frame would show what is there.
  if (lstatSync(path).isSymbolicLink()) {
    const at = { file: { path: shown, text: '' }, span: fileStart };
    const message = "Links aren't followed: this test file isn't run.";
    report({ code: 'file/link', severity: 'warning', message, at });
    return undefined;
  }
  const file = readTextFile(path, shown, report);
  return file && readTestFile(file, report);
}

/** What only the rules can tell: whether each case has one, and what the targets are. */
function checkTests(
  { file, cases }: TestFile,
  units: readonly Unit[],
  known: readonly string[],
  report: Report,
): void {
  const found = reportIn(file, report);
  const names = units.flatMap(({ rule }) => namesOf(rule));
  const unreadable = units.length === 0 || units.some(({ rule }) => rule.broken);
  const told = new Set<string>();
  for (const { rule, span, native, nativeSpans } of cases) {
    if (rule === undefined && mainRules(units).length > 1) {
      const message =
        'The rule file holds several rules: say with "rule" which one the case is for.';
      found({ code: 'test/which-rule', message, span });
    }
    if (rule !== undefined && !unreadable && !names.includes(rule.text)) {
      const message = `The rule file holds no rule "${rule.text}".`;
      const hint = didYouMean(rule.text, names);
      const key = `${rule.span.start}`;
      if (!told.has(key))
        found({ code: 'test/unknown-rule', message, span: rule.span, ...(hint && { hint }) });
      told.add(key);
    }
    for (const id of Object.keys(native).filter((target) => !known.includes(target))) {
      const hint = didYouMean(id, known) ?? `The targets are ${known.join(', ')}.`;
      const message = `There is no target "${id}".`;
      found({ code: 'test/unknown-target', message, span: nativeSpans[id] ?? span, hint });
    }
  }
}

const grouped = new WeakMap<readonly Unit[], ReadonlyMap<string, readonly Unit[]>>();

/** The rules of the files beside a test file; each of many units asks for those beside it. */
function besideTest(path: string, units: readonly Unit[]): readonly Unit[] {
  const known = grouped.get(units) ?? groupBy(units, (unit) => testPathOf(unit.path.path));
  grouped.set(units, known);
  return known.get(path) ?? [];
}

/** The rules of a file that alert on their own; parts of correlations only if there are no others. */
function mainRules(units: readonly Unit[]): readonly Unit[] {
  const main = units.filter(({ partOf }) => partOf === undefined);
  return main.length > 0 ? main : units;
}

/** The cases that are for a rule: those that name it, and of a main rule those that name none. */
function pick(
  tests: TestFile | undefined,
  unit: Unit,
  units: readonly Unit[],
): TestFile | undefined {
  const names = namesOf(unit.rule);
  const { path: file } = unit.path;
  const beside = besideTest(testPathOf(file), units).filter(({ path }) => path.path === file);
  const main = mainRules(beside).includes(unit);
  const cases = tests?.cases.filter((one) =>
    one.rule === undefined ? main : names.includes(one.rule.text),
  );
  return tests === undefined || cases === undefined || cases.length === 0
    ? undefined
    : { ...tests, cases };
}

function namesOf(rule: Unit['rule']): readonly string[] {
  return [rule.id, rule.title, rule.name].filter((name) => name !== undefined);
}
