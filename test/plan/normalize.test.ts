import { expect, test } from 'vitest';
import { always, never, normalize } from '../../src/plan/normalize.ts';
import type { Predicate } from '../../src/plan/predicate.ts';

const leaf = (name: string): Predicate => ({
  kind: 'keyword',
  pattern: [name],
  cased: false,
  span: { start: 0, end: 0 },
});
const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')];
const all = (...of: readonly Predicate[]): Predicate => ({ kind: 'all', of });
const any = (...of: readonly Predicate[]): Predicate => ({ kind: 'any', of });
const not = (of: Predicate): Predicate => ({ kind: 'not', of });

test.for<[string, Predicate, Predicate]>([
  ['nested parts of one kind become one list', all(a, all(b, all(c))), all(a, b, c)],
  ['a single part stands alone', any(all(any(a))), a],
  ['double negation goes', not(not(not(a))), not(a)],
  ['true goes out of "and"', all(a, always, b), all(a, b)],
  ['false takes all of "and"', all(a, never, b), never],
  ['true takes all of "or"', any(a, always), always],
  ['false goes out of "or"', any(never, a), a],
  ['"not" of a constant is the other one', not(all(always, always)), never],
  ['the order stays', any(c, any(a, b)), any(c, a, b)],
  ['"or" in "and" stays', all(a, any(b, c)), all(a, any(b, c))],
])('%s', ([, before, after]) => {
  expect(normalize(before)).toEqual(after);
});
