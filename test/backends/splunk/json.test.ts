import { describe, expect, test } from 'vitest';
import { runText, value } from './support.ts';

const event = {
  f: '{"a":{"b":[{"c":"x","d":1},{"c":"y"},"z",null,"",[2]],"e":"text","n":1.50},"t":true,"o":null}',
};

describe('JSON functions (Search Reference, "JSON functions", "Text functions")', () => {
  test('json_extract gives a value, or the text of an array or object', () => {
    expect(value('json_extract(f, "a.e")', event)).toBe('text');
    expect(value('json_extract(f, "a.n")', event)).toBe(1.5);
    expect(value('json_extract(f, "t")', event)).toBe('true');
    expect(value('json_extract(f, "a.b")', event)).toBe(
      '[{"c":"x","d":1},{"c":"y"},"z",null,"",[2]]',
    );
    expect(value('json_extract(f, "a.x")', event)).toBeUndefined();
    expect(value('json_extract(f, "o")', event)).toBeUndefined();
    expect(value('json_extract("no JSON", "a")', event)).toBeUndefined();
    expect(value('json_extract("[1, 2]")', event)).toBe('[1,2]');
  });

  test('the digits of big whole numbers are a matter of reading, and the answer says so', () => {
    const big = { f: '{"a":[12345678901234567891,"~12345678901234567891"]}' };
    const elements = 'json_array_to_mv(json_extract(f, "a"))';
    const [digits, text] = ['12345678901234567891', '~12345678901234567891'];
    expect(value(elements, big)).toEqual([digits, text]);
    expect(value('spath(f, "a{0}")', big)).toBe(digits);
    expect(value(elements, big, { 'json-digits': 'double' })).toEqual([
      '12345678901234567168',
      text,
    ]);
    const { assumptions } = runText('* | eval b=spath(f, "a{}")', [big]);
    expect(assumptions).toEqual([
      'JSON functions keep all digits of whole numbers beyond 2^53: true.',
    ]);
  });

  test('json_array_to_mv gives the elements, with their quotes if it is told to', () => {
    const elements = 'json_extract(f, "a.b")';
    expect(value(`json_array_to_mv(${elements}, true())`, event)).toEqual([
      '{"c":"x","d":1}',
      '{"c":"y"}',
      '"z"',
      'null',
      '""',
      '[2]',
    ]);
    expect(value('json_array_to_mv("[\\"a\\", 1]")', event)).toEqual(['a', '1']);
    expect(value('json_array_to_mv(json_extract(f, "a"))', event)).toBeUndefined();
    expect(value('json_array_to_mv("[]")', event)).toBeUndefined();
    expect(value('json_array_to_mv(g)', event)).toBeUndefined();
    const absent = { 'json-array-null': 'absent' };
    expect(value('json_array_to_mv("[null, 1]")', event, absent)).toBe('1');
  });

  test('spath gives texts, of an array each', () => {
    expect(value('spath(f, "a.e")', event)).toBe('text');
    expect(value('spath(f, "a.b{}.c")', event)).toEqual(['x', 'y']);
    expect(value('spath(f, "a.b{1}.c")', event)).toBe('y');
    expect(value('spath(f, "t")', event)).toBe('true');
    expect(value('spath(f, "a.x")', event)).toBeUndefined();
    expect(value('spath(f, "o")', event)).toBeUndefined();
    expect(value('spath(f, "o")', event, { 'json-null': 'text' })).toBe('null');
    expect(value('spath("{\\"v\\":" . "\\"a\\\\\\"b\\"" . "}", "v")')).toBe('a"b');
  });
});
