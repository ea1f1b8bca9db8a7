import type { Expectation } from '../library/testing/test-file.ts';
import { visible } from '../text/visible.ts';
import type { Effect, Flip, RuleRef, Standing, TestOutcome } from './model.ts';

/** What a rule's words are, on one line. */
export function ruleName({ title }: RuleRef): string {
  return visible(title);
}

/** `level`, `evidence on splunk`. */
export function effectName({ what, destination }: Effect): string {
  return destination === undefined ? what : `${what} on ${destination}`;
}

/** What was and what is; nothing where there is nothing. */
export function effectSides(effect: Effect): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  switch (effect.kind) {
    case 'value':
      return { before: [effect.before ?? 'none'], after: [effect.after ?? 'none'] };
    case 'list':
      return { before: effect.removed, after: effect.added };
    case 'query':
      return { before: [standingText(effect.before)], after: [standingText(effect.after)] };
  }
}

/** Whether there is a query, in words, and why not. */
function standingText({ status, reasons }: Standing): string {
  const says: Readonly<Record<Standing['status'], string>> = {
    query: 'a query',
    refused: 'refused',
    part: 'a part of a correlation, without a query of its own',
    'left-out': 'not meant for the target',
    broken: 'errors in the rule',
    absent: 'no rule',
  };
  const why = reasons.map(({ code, message }) => `${message} (${code})`).join(' ');
  return why === '' ? says[status] : `${says[status]}: ${why}`;
}

/** `a match`, `no match`, `2 alerts`. */
export function expectedText(expected: Expectation): string {
  if (expected === 'none') return 'no match';
  return expected === 'match' ? 'a match' : alertsText(expected);
}

/** `2 alerts`, or what went wrong. */
export function alertsText(actual: number | string): string {
  if (typeof actual === 'string') return actual;
  return `${actual === 0 ? 'no' : actual} ${actual === 1 ? 'alert' : 'alerts'}`;
}

/** `passed`, `failed: no alerts`. */
export function outcomeText(outcome: TestOutcome | undefined): string {
  if (outcome === undefined) return 'no such case';
  const { status, actual } = outcome;
  return status === 'passed' ? status : `${status}: ${alertsText(actual)}`;
}

/** The targets of a verdict; the reference is what the rule means. */
export function targetsText(targets: readonly string[]): string {
  return targets.map((target) => (target === 'sigma' ? 'meaning' : target)).join(', ');
}

/** Whose case it is. */
export function testsText({ tests }: Flip): string {
  return tests === 'both' ? '' : ` (test of the ${tests})`;
}
