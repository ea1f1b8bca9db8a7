import type { TestResult } from '../../library/testing/run-tests.ts';
import { count } from '../exit.ts';

/** Why a result isn't as it should be. */
export function explainResult({ expected, actual, status }: TestResult): string {
  if (status === 'refused') return "the rule can't be compiled for the target";
  const wanted =
    typeof expected === 'number'
      ? count(expected, 'alert')
      : expected === 'match'
        ? 'a match'
        : 'no match';
  const got = typeof actual === 'number' ? count(actual, 'alert') : actual;
  return status === 'diverged'
    ? `the compiled query gives ${got}, the rule's meaning is otherwise`
    : `expected ${wanted}, got ${got}`;
}
