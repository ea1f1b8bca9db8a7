import { ruleJson } from '../library/json-shapes.ts';
import {
  type MutationResult,
  mutateUnits,
  percentKilled,
  type ToldSurvivor,
} from '../library/mutation/mutate.ts';
import type { SampleStore } from '../library/testing/samples.ts';
import { type Tests, testPathOf } from '../library/testing/tests-of.ts';
import type { Unit } from '../library/units.ts';
import { visible } from '../text/visible.ts';
import type { Context } from './context.ts';
import { count, type ExitCode, exitFor, since } from './exit.ts';
import { createProgress } from './progress.ts';
import type { Style } from './style.ts';

/** The least percentages of killed mutants that a project wants: of all rules together, and of each. */
export interface MutationGoals {
  readonly score: number | undefined;
  readonly ruleScore: number | undefined;
}

/** `siemc test --mutate`: whether the tests of rules would notice slips in them. */
export function mutate(
  context: Context,
  units: readonly Unit[],
  tests: Tests,
  samples: SampleStore,
  goals: MutationGoals,
  format: string,
): ExitCode {
  const start = performance.now();
  const { report, quiet, out } = context;
  const progress = createProgress('running mutants of rules', units.length, quiet);
  const testsOf = (unit: Unit) => tests.of(unit);
  const results = mutateUnits({ units, testsOf, samples, report, step: progress.step });
  progress.end();
  const summary = summarize(results);
  const isShort = (one: MutationResult): boolean =>
    one.failing.length > 0 || percentKilled([one]) < (goals.ruleScore ?? 0);
  const good = percentKilled(results) >= (goals.score ?? 0) && !results.some(isShort);
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify({ summary, results: results.map(resultJson) })}\n`);
    context.showDiagnostics();
  } else {
    context.showDiagnostics();
    for (const result of results) {
      const isFine = result.survivors.every(({ reason }) => reason !== undefined);
      if (quiet && isFine && !isShort(result)) continue;
      process.stdout.write(context.logText(prettyResult(result, isShort(result), out)));
    }
    const { rules, mutants, killed, survived, accepted, equivalent, score } = summary;
    const parts = [
      `${killed} killed`,
      `${survived} survived${accepted === 0 ? '' : ` (${accepted} with a reason)`}`,
      `${equivalent} equivalent`,
    ];
    const line = `${count(rules, 'rule')}, ${count(mutants, 'mutant')}: ${parts.join(', ')}: ${shownPercent(score)}`;
    process.stdout.write(`mutate: ${good ? out.green(line) : out.red(line)} (${since(start)})\n`);
  }
  const found = exitFor(context.diagnostics);
  return found !== 0 ? found : good ? 0 : 1;
}

function summarize(results: readonly MutationResult[]): Readonly<{
  rules: number;
  mutants: number;
  killed: number;
  survived: number;
  accepted: number;
  equivalent: number;
  score: number;
}> {
  const survivors = results.flatMap((one) => one.survivors);
  const killed = results.reduce((sum, one) => sum + one.killed, 0);
  const equivalent = results.reduce((sum, one) => sum + one.equivalent, 0);
  return {
    rules: results.length,
    mutants: killed + survivors.length + equivalent,
    killed,
    survived: survivors.length,
    accepted: survivors.filter(({ reason }) => reason !== undefined).length,
    equivalent,
    score: results.every(({ failing }) => failing.length > 0) ? 0 : rounded(percentKilled(results)),
  };
}

/** To a tenth, never up: 94.99 is no 95. */
function rounded(percent: number): number {
  return Math.floor(percent * 10 + 1e-9) / 10;
}

function shownPercent(percent: number): string {
  return `${rounded(percent)} %`;
}

function resultJson(result: MutationResult): Readonly<Record<string, unknown>> {
  const { unit, killed, equivalent, left, failing, survivors } = result;
  return {
    rule: ruleJson(unit),
    killed,
    survived: survivors.length,
    equivalent,
    left,
    score: failing.length > 0 ? null : rounded(percentKilled([result])),
    failing,
    survivors: survivors.map(({ mutant, kind, diff, reason, case: telling }) => ({
      mutant,
      kind,
      diff: diff.join('\n'),
      ...(reason === undefined ? {} : { reason }),
      ...(telling === undefined ? {} : { case: telling }),
    })),
  };
}

function prettyResult(result: MutationResult, isShort: boolean, out: Style): string {
  const { unit, hasTests, failing, left, killed, survivors } = result;
  const all = killed + survivors.length;
  const mark = isShort ? out.red('✗') : survivors.length === 0 ? out.green('✓') : out.yellow('-');
  const score = `${killed} of ${count(all, 'mutant')} killed, ${shownPercent(percentKilled([result]))}${left === 0 ? '' : ` (${left} more weren't run)`}`;
  const tail =
    failing.length > 0
      ? `the rule itself fails ${count(failing.length, 'case')}`
      : hasTests
        ? score
        : `no tests: ${score}`;
  const head = `${mark} ${visible(unit.rule.title)} ${out.dim(`${visible(unit.path.shown)}: ${tail}`)}\n`;
  const testFile = testPathOf(unit.path.shown);
  const told = new Set<string>();
  const shown = survivors.map((survivor) => {
    const text = prettySurvivor(survivor, testFile, told, out);
    if (survivor.case !== undefined) told.add(survivor.case);
    return text;
  });
  return head + shown.join('');
}

/** A mutant that survives, and the case that would kill it unless that has been told. */
function prettySurvivor(
  survivor: ToldSurvivor,
  testFile: string,
  told: ReadonlySet<string>,
  out: Style,
): string {
  const { mutant, reason, diff, case: telling } = survivor;
  const name = `    ${out.yellow('survived')} ${visible(mutant)}`;
  if (reason !== undefined) return `${name}: ${out.dim(visible(reason))}\n`;
  const lines = diff.map((line) => {
    const text = `      ${visible(line)}`;
    if (line.startsWith('+')) return out.green(text);
    return line.startsWith('-') ? out.red(text) : out.dim(text);
  });
  const known = telling !== undefined && told.has(telling);
  const advice = known
    ? [`    The case ${visible(nameIn(telling))} above tells it from the rule, too.`]
    : telling === undefined
      ? ['    No case was found that tells it from the rule.']
      : [
          `    This case for ${visible(testFile)} tells it from the rule:`,
          ...telling.trimEnd().split('\n').map(visible),
        ];
  return `${[name, ...lines, ...advice].join('\n')}\n`;
}

/** The name of a case as it is written. */
function nameIn(text: string): string {
  return /^\s*- name: (.*)/.exec(text)?.[1] ?? '';
}
