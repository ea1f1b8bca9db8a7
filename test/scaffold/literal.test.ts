import { array, assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { parseWildcards } from '../../src/rule/wildcards.ts';
import { literal } from '../../src/scaffold/rule-text.ts';

const texts = array(constantFrom('\\', '*', '?', 'a', '\\\\', '\\*')).map((parts) =>
  parts.join(''),
);

test('a text that a new rule asks for is found as it stands', () => {
  for (const any of [texts, string()]) {
    assert(
      property(any, (text) => {
        expect(parseWildcards(literal(text))).toEqual(text === '' ? [] : [text]);
      }),
    );
  }
});

test('nothing is escaped that needs not be', () => {
  expect(literal('EXAMPLE\\ana')).toBe('EXAMPLE\\ana');
  expect(literal('a*b')).toBe('a\\*b');
});
