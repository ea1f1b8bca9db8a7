import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { TestResult } from '../../library/testing/run-tests.ts';
import type { Unit } from '../../library/units.ts';
import type { ExitCode } from '../exit.ts';
import { explainResult } from './explain-result.ts';

/** What a command found, of which the forms for other programs are made. */
export interface Outcome {
  readonly command: 'check' | 'build' | 'test';
  readonly exit: ExitCode;
  /** The result in a line. */
  readonly summary: string;
  /** What was found, in order. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the cases of rules said; nothing where none were asked. */
  readonly tested?: readonly TestedRule[];
  /** The result as JSON; nothing where the command couldn't begin. */
  readonly json?: object;
  /** Lines for people, which a log may fold. */
  readonly details?: { readonly title: string; readonly text: string };
}

/** What the cases of one rule said. */
export interface TestedRule {
  readonly unit: Unit;
  readonly results: readonly TestResult[];
}

/** An outcome with paths as the platform knows them. */
export interface Told extends Outcome {
  /** A path that people see, as seen from the root of the repository. */
  inRepository(path: string): string;
}

/** A case that isn't as it should be, on one target or several. */
export interface FailedCase {
  readonly first: TestResult;
  readonly results: readonly TestResult[];
}

/** The cases that aren't as they should be, each once; what is only refused is told by `findings`. */
export function failedCases({ tested }: Outcome): readonly FailedCase[] {
  return (tested ?? []).flatMap(({ results }) => {
    const failed = results.filter((one) => one.status !== 'passed' && !isExplained(one));
    const names = [...new Set(failed.map((one) => one.case))];
    return names.flatMap((name) => {
      const own = failed.filter((one) => one.case === name);
      const [first] = own;
      return first === undefined ? [] : [{ first, results: own }];
    });
  });
}

/** Everything that was found in files, with the reasons why targets refuse rules that have tests, each once. */
export function findings({ diagnostics, tested }: Outcome): readonly Diagnostic[] {
  const refused = (tested ?? []).flatMap(({ results }) =>
    results.filter(isExplained).flatMap((one) => one.diagnostics),
  );
  const distinct = new Map(
    [...diagnostics, ...refused].map((one) => {
      const { code, message, at } = one;
      return [JSON.stringify([code, message, at.file.path, at.span.start]), one];
    }),
  );
  return [...distinct.values()];
}

function isExplained({ status, diagnostics }: TestResult): boolean {
  return status === 'refused' && diagnostics.length > 0;
}

/** On which targets a case fails how, and why: each reason once. */
export function explainCase({ results }: FailedCase): {
  readonly where: string;
  readonly why: string;
} {
  const statuses = [...new Set(results.map(({ status }) => status))];
  const where = statuses.map((status) => {
    const own = results.filter((one) => one.status === status);
    return `${status} on ${own.map(({ target }) => target).join(', ')}`;
  });
  const why = [...new Set(results.map(explainResult))];
  return { where: where.join('; '), why: why.join('; ') };
}
