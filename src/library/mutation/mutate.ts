import { type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { type MutationKind, nameOf } from '../../mutate/mutant.ts';
import type { SourceFile } from '../../text/source-file.ts';
import { unifiedDiff } from '../diff.ts';
import type { AcceptedSurvivor } from '../testing/test-file.ts';
import { testPathOf } from '../testing/tests-of.ts';
import type { Unit } from '../units.ts';
import { caseText } from './paste.ts';
import { type MutationInput, scoreMutants } from './score.ts';
import { tellApart } from './tell-apart.ts';

/** What became of the mutants of one rule. */
export interface MutationResult {
  readonly unit: Unit;
  readonly hasTests: boolean;
  /** The cases that the rule itself fails: then its mutants aren't run. */
  readonly failing: readonly string[];
  /** Mutants that weren't run: of very large rules some are. */
  readonly left: number;
  readonly killed: number;
  readonly equivalent: number;
  readonly survivors: readonly ToldSurvivor[];
}

/** A mutant that no case tells from its rule, in words. */
export interface ToldSurvivor {
  readonly mutant: string;
  readonly kind: MutationKind;
  /** The hunks of a unified diff of the rule's file. */
  readonly diff: readonly string[];
  /** Why the author accepts it. */
  readonly reason: string | undefined;
  /** A case that would kill it, and maybe others, as text of a test file; nothing where none was found. */
  readonly case: string | undefined;
}

/**
 * Runs the mutants of rules on the cases of their tests, and looks for cases that would kill those that survive. What
 * is a part of a correlation is tested with it.
 */
export function mutateUnits(input: MutationInput): readonly MutationResult[] {
  const { units, testsOf, step, report } = input;
  const main = units.filter((unit) => unit.partOf === undefined || testsOf(unit) !== undefined);
  const results = main.map((unit) => {
    const result = mutateUnit(unit, input);
    step();
    return result;
  });
  const files = new Set(main.flatMap((unit) => testsOf(unit)?.file ?? []));
  for (const file of files) {
    const own = results.filter(({ unit }) => testsOf(unit)?.file === file);
    const accepted = own.flatMap(({ unit }) => testsOf(unit)?.survivors ?? []);
    const isWhole = own.every(({ failing }) => failing.length === 0);
    if (isWhole) tellUnused(file, accepted, own, report);
  }
  return results;
}

function mutateUnit(unit: Unit, input: MutationInput): MutationResult {
  const { samples } = input;
  const tests = input.testsOf(unit);
  const score = scoreMutants(unit, input);
  const { left, killed, equivalent, failing, cases } = score;
  const accepted = tests?.survivors ?? [];
  const reasonFor = (name: string): string | undefined =>
    accepted.find((one) => one.mutant === name)?.reason;
  const open = score.survivors.filter(({ mutant }) => reasonFor(nameOf(mutant)) === undefined);
  const telling = tellApart(open, { cases, samples, testFile: testPathOf(unit.path.path) });
  const survivors = score.survivors.map((survivor): ToldSurvivor => {
    const { mutant } = survivor;
    const found = telling[open.indexOf(survivor)];
    return {
      mutant: nameOf(mutant),
      kind: mutant.kind,
      diff: unifiedDiff(unit.rule.file.text, survivor.text()).map((line) =>
        line.replace(/\r$/, ''),
      ),
      reason: reasonFor(nameOf(mutant)),
      case: found && caseText(found, tests?.file.text ?? ''),
    };
  });
  const hasTests = tests !== undefined;
  return { unit, hasTests, failing, left, killed, equivalent, survivors };
}

/** Tells of accepted survivors that don't survive, or are no mutants, each once. */
function tellUnused(
  file: SourceFile,
  accepted: readonly AcceptedSurvivor[],
  results: readonly MutationResult[],
  report: Report,
): void {
  const names = results.flatMap(({ survivors }) => survivors.map(({ mutant }) => mutant));
  const unused = accepted.filter((one) => !names.includes(one.mutant));
  for (const [mutant, { span }] of new Map(unused.map((one) => [one.mutant, one]))) {
    const message = `No mutant "${mutant}" survives: a case fails on it, it means the same as the rule, or there is none.`;
    const hint = didYouMean(mutant, names) ?? 'Take it away.';
    const finding = { code: 'test/unused-survivor', severity: 'warning', message, span } as const;
    reportIn(file, report)({ ...finding, hint });
  }
}

/** How many of some rules' mutants are killed, in percent of those that aren't proven equivalent; of none all. */
export function percentKilled(
  results: readonly Pick<MutationResult, 'killed' | 'survivors'>[],
): number {
  const killed = results.reduce((sum, one) => sum + one.killed, 0);
  const survived = results.reduce((sum, one) => sum + one.survivors.length, 0);
  return killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);
}
