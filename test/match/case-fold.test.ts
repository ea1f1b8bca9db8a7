import { expect, test } from 'vitest';
import { foldCase, isAscii, otherCase } from '../../src/match/case-fold.ts';

test.for([
  ['aZ', 'az'],
  ['ÄΩЖÉ', 'äωжé'],
  ['𐐀', '𐐨'],
])('%s folds to %s', ([text, folded]) => {
  expect(foldCase(text ?? '')).toBe(folded);
});

test.for(['ı', 'İ', 'ſ', '\u212a', 'ß', 'ẞ', 'ς', 'ŉ', '漢', '😀', '1'])(
  '%s equals only itself: it has no partner of one character to and from',
  (character) => {
    expect(foldCase(character)).toBe(character);
  },
);

test('the other case is that of one character', () => {
  expect(['a', 'A', 'ä', 'Ж', 'ß', 'ı', '\u212a', '1'].map(otherCase)).toEqual([
    'A',
    'a',
    'Ä',
    'ж',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('ASCII ends at U+007F', () => {
  expect([isAscii('\u007f'), isAscii('\u0080')]).toEqual([true, false]);
});
