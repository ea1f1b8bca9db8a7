import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/library/parse-json.ts';

describe('parseJson', () => {
  test('keeps every digit of integers', () => {
    expect(parseJson('[9007199254740993, -1234567890123456789, 9007199254740991, 5]')).toEqual([
      9007199254740993n,
      -1234567890123456789n,
      9007199254740991,
      5,
    ]);
    expect(parseJson('12345678901234567890')).toBe(12345678901234567890n);
  });

  test('leaves fractions, exponents, texts and keys alone', () => {
    const text =
      '{"12345678901234567890":"12345678901234567890 \\\\","a":1.12345678901234567,"b":1234567890123456789e1,"c":"\\" 1234567890123456789 ,"}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('takes no text for an integer, however it is written', () => {
    const text = '["~int~1234567890123456789","\\u007eint~1","~int~~x",1234567890123456789]';
    expect(parseJson(text)).toEqual([
      '~int~1234567890123456789',
      '~int~1',
      '~int~~x',
      1234567890123456789n,
    ]);
  });

  test('keeps a key that names the prototype, and nests as deep as JSON may', () => {
    const value = parseJson('{"__proto__":1234567890123456789}') as object;
    expect(Object.entries(value)).toEqual([['__proto__', 1234567890123456789n]]);
    const deep = `${'['.repeat(100_000)}1234567890123456789${']'.repeat(100_000)}`;
    expect(Array.isArray(parseJson(deep))).toBe(true);
    expect(() => parseJson('[1234567890123456789')).toThrow(SyntaxError);
  });
});
