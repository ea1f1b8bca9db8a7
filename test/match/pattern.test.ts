import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../src/match/compile-pattern.ts';
import {
  anyCharacter,
  anyRun,
  canonicalPattern,
  type Pattern,
  patternToRegex,
  shapeOf,
} from '../../src/match/pattern.ts';
import { printRegex } from '../../src/match/regex/print.ts';

describe('the canonical form', () => {
  test('joins neighbours of one kind and leaves out empty texts', () => {
    expect(canonicalPattern(['a', '', 'b', anyRun, anyRun, 'c'])).toEqual(['ab', anyRun, 'c']);
  });

  test('keeps each single character', () => {
    expect(canonicalPattern([anyCharacter, anyCharacter])).toEqual([anyCharacter, anyCharacter]);
  });
});

test.for<[Pattern, object]>([
  [[], { kind: 'equals', text: '' }],
  [['a'], { kind: 'equals', text: 'a' }],
  [['a', anyRun], { kind: 'prefix', text: 'a' }],
  [[anyRun, 'a'], { kind: 'suffix', text: 'a' }],
  [[anyRun, 'a', anyRun], { kind: 'infix', text: 'a' }],
  [[anyRun], { kind: 'anything' }],
  [['a', anyRun, 'b'], { kind: 'glob' }],
  [[anyCharacter], { kind: 'glob' }],
])('the shape of %j is %j', ([pattern, shape]) => {
  expect(shapeOf(pattern)).toEqual(shape);
});

describe('a pattern', () => {
  const matches = (pattern: Pattern, cased = false): ((text: string) => boolean) =>
    compilePattern(pattern, cased);

  test('stands for the whole value', () => {
    expect(['ab', 'AB', 'abc', 'xab'].map(matches(['ab']))).toEqual([true, true, false, false]);
  });

  test('is exact when cased', () => {
    expect(['Ab', 'ab'].map(matches(['Ab'], true))).toEqual([true, false]);
  });

  test('takes "?" for one code point, also beyond the basic plane', () => {
    expect(['axb', 'a😀b', 'a\nb', 'ab', 'axxb'].map(matches(['a', anyCharacter, 'b']))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('does not let its ends overlap', () => {
    expect(['abba', 'aba'].map(matches(['ab', anyRun, 'ba']))).toEqual([true, false]);
  });

  test('goes back to an earlier run when a later part fails', () => {
    expect(matches([anyRun, 'ab', anyRun, 'c'])('ab ab x ab c')).toBe(true);
    expect(matches([anyRun, 'ab', anyCharacter, 'c'])('abab1c')).toBe(true);
  });

  test('takes time at most pattern times text', () => {
    const runs = Array.from({ length: 50 }, () => [anyRun, 'a']).flat();
    const start = performance.now();
    expect(matches([...runs, 'b'])('a'.repeat(20_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

test.for<[Pattern, boolean, string]>([
  [['a.b'], true, '^a\\.b$'],
  [[anyRun, 'a', anyRun], true, 'a'],
  [['a', anyRun], false, '(?i)^a'],
  [['a', anyRun, 'b'], true, '(?s)^a.*b$'],
  [[anyCharacter], true, '(?s)^.$'],
  [[], true, '^$'],
])('the regular expression of %j, cased %j, is %s', ([pattern, cased, regex]) => {
  expect(printRegex(patternToRegex(pattern, cased), { end: '$' })).toBe(regex);
});
