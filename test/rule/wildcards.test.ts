import { expect, test } from 'vitest';
import { anyCharacter, anyRun, type Pattern } from '../../src/match/pattern.ts';
import { parseWildcards } from '../../src/rule/wildcards.ts';

// Sigma specification, "Escaping": a backslash escapes only `*`, `?` and a backslash.
test.for<[string, Pattern]>([
  ['a*b?', ['a', anyRun, 'b', anyCharacter]],
  ['\\*', ['*']],
  ['\\?', ['?']],
  ['\\\\', ['\\']],
  ['\\\\*', ['\\', anyRun]],
  ['\\\\\\*', ['\\*']],
  ['\\\\\\\\', ['\\\\']],
  ['C:\\Temp\\', ['C:\\Temp\\']],
  ['a\\nb', ['a\\nb']],
  ['**', [anyRun]],
  ['??', [anyCharacter, anyCharacter]],
  ['', []],
])('%s', ([text, pattern]) => {
  expect(parseWildcards(text)).toEqual(pattern);
});
