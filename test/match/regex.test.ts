import { describe, expect, test } from 'vitest';
import { compileRegex } from '../../src/match/regex/compile.ts';
import { parseRegex, type RegexDialect } from '../../src/match/regex/parse.ts';
import { printRegex } from '../../src/match/regex/print.ts';

const none = { ignoreCase: false, multiline: false, dotAll: false };

function printed(text: string, flags = none): string {
  const node = parseRegex(text, flags);
  return 'problem' in node ? node.problem : printRegex(node, { end: '\\z' });
}

test.for([
  ['a|b', 'a|b'],
  ['(a)(?:b)(?P<c>c)', 'abc'],
  ['a*?b+?', 'a*b+'],
  ['(ab)+', '(?:ab)+'],
  ['(a|b)c', '(?:a|b)c'],
  ['\\d\\W', '[0-9][\\x{0}-/:-@\\[-\\^\\x{60}{-\\x{10FFFF}]'],
  ['[^\\s]', '[^\\t\\n\\x{C}\\r ]'],
  ['^a$', '^a\\z'],
  ['(?m)^a$', '(?m:^)a(?m:$)'],
  ['(?i)a(?-i)b', '[Aa]b'],
  ['(?i)ä1', '[Ää]1'],
  ['a(?i:b)', 'a[Bb]'],
  ['.(?s:.)', '.(?s:.)'],
  ['\\x41\\x{1F600}\\/', 'A😀/'],
  ['[]a-]', '[\\-\\]a]'],
  ['a{2}b{1,}c{0,3}d{,2}', 'a{2}b+c{0,3}d\\{,2\\}'],
  ['', ''],
])('%s is written as %s', ([text, common]) => {
  expect(printed(text ?? '')).toBe(common);
});

test('flags from outside are those in force at the start', () => {
  expect(printed('a.', { ...none, ignoreCase: true, dotAll: true })).toBe('(?is)a.');
});

test.for<[string, string, number, number]>([
  ['(?=a)', 'look-ahead', 0, 3],
  ['a(?<!b)', 'look-behind', 1, 5],
  ['(a)\\1', 'a back-reference', 4, 5],
  ['\\p{L}', 'a Unicode property', 1, 2],
])('%s is refused by name and place', ([text, what, start, end]) => {
  expect(parseRegex(text)).toEqual({ problem: expect.stringContaining(what), at: { start, end } });
});

test.for([
  ['(', 'It ends where a group, class or escape is still open'],
  [')', 'This ")" closes nothing'],
  ['a*+', 'It uses a possessive repetition'],
  ['a**', 'It repeats a repetition'],
  ['(?:a{100}){100}', 'It repeats more than 1000 times'],
  ['(?x)a', 'It uses the flag "x"'],
])('%s: %s', ([text, problem]) => {
  expect(parseRegex(text ?? '')).toMatchObject({ problem });
});

describe('the end', () => {
  const ends = (dialect: RegexDialect): readonly boolean[] => {
    const node = parseRegex('a$', none, dialect);
    if ('problem' in node) throw new Error(node.problem);
    return ['a', 'a\n', 'a\nb'].map(compileRegex(node));
  };

  test('is the very end', () => {
    expect(ends('sigma')).toEqual([true, false, false]);
    expect(ends('re2')).toEqual([true, false, false]);
  });

  test('in PCRE stands before a last line feed too', () => {
    expect(ends('pcre')).toEqual([true, true, false]);
  });
});

test('a regular expression that is hard for backtracking runs in linear time', () => {
  const node = parseRegex('^(a+)+$');
  if ('problem' in node) throw new Error(node.problem);
  const start = performance.now();
  expect(compileRegex(node)(`${'a'.repeat(50_000)}b`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(3000);
});
