import { foldCase, isAscii } from '#backend';
import type { Scope } from './scope.ts';
import { keyOf, textOf, type Value } from './value.ts';

/** Equality of values, lists too. */
export const sameValue = (a: Value, b: Value): boolean =>
  a === b || (typeof a === 'object' && keyOf(a) === keyOf(b));

/** A text with the ASCII letters in lower case. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Equality that ignores the case of ASCII letters and, as may be, of others. */
export function sameText({ readings }: Scope): (a: Value, b: Value) => boolean {
  return (left, right) => {
    const [a, b] = [textOf(left), textOf(right)];
    if (asciiLower(a) === asciiLower(b)) return true;
    if (isAscii(a) || isAscii(b) || foldCase(a) !== foldCase(b)) return false;
    return readings.of('nocase-beyond-ascii') === 'unicode';
  };
}

/** Arithmetic; dividing by 0 gives 0. */
export function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? 0 : left / right;
    default:
      return right === 0 ? 0 : left % right;
  }
}
