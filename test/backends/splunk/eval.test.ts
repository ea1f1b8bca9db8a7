import { describe, expect, test } from 'vitest';
import { hits, keeps, now, runText, value } from './support.ts';

test('text functions of several values are a matter of reading, and the answer says so', () => {
  const event = { a: ['X', 'Yy'] };
  expect(value('mvjoin(lower(a), ",")', event)).toBe('x,yy');
  expect(value('len(a)', event, { 'text-multivalue': 'null' })).toBeUndefined();
  const { assumptions } = runText('* | eval b=lower(a)', [event]);
  expect(assumptions).toEqual(['Text functions take each of several values alone: true.']);
});

describe('NULL (Search Reference, where; measured on 8.2.2)', () => {
  test('a comparison with a missing field is never true', () => {
    expect(keeps('f="x"')).toBe(false);
    expect(keeps('f!="x"')).toBe(false);
    expect(keeps('f=f')).toBe(false);
    expect(keeps('f<5 OR f>=5')).toBe(false);
    expect(keeps('match(f, "")')).toBe(false);
  });

  test('NOT of it is a matter of reading, and the answer says which', () => {
    expect(keeps('NOT f="x"')).toBe(true);
    expect(keeps('NOT f="x"', {}, { 'not-null': 'null' })).toBe(false);
    expect(runText('* | where NOT f="x"', [{}]).assumptions).toHaveLength(1);
  });

  test('a guard makes it the same under both', () => {
    for (const reading of ['true', 'null']) {
      const switches = { 'not-null': reading };
      const condition = 'NOT (isnotnull(f) AND match(f, "x"))';
      expect(keeps(condition, {}, switches)).toBe(true);
      expect(keeps(condition, { f: 'x' }, switches)).toBe(false);
      expect(keeps(condition, { f: 'y' }, switches)).toBe(true);
      expect(runText(`* | where ${condition}`, [{}], switches).assumptions).toEqual([]);
    }
  });

  test('isnull, isnotnull, coalesce, nullif and assignment of NULL', () => {
    expect([keeps('isnull(f)'), keeps('isnotnull(f)')]).toEqual([true, false]);
    expect(value('coalesce(a, b, "c")', { b: 'x' })).toBe('x');
    expect(value('nullif(a, "x")', { a: 'x' })).toBeUndefined();
    expect(hits('* | eval f=null() | where isnull(f)', [{ f: 'x' }])).toEqual([0]);
  });
});

describe('comparison (Search Reference, eval)', () => {
  test('is cased', () => {
    expect([keeps('f="Ab"', { f: 'Ab' }), keeps('f="ab"', { f: 'Ab' })]).toEqual([true, false]);
  });

  test('is by number where both are numbers, else by code point', () => {
    expect(keeps('f>9', { f: '10' })).toBe(true);
    expect(keeps('f>"9"', { f: '10' })).toBe(true);
    expect(keeps('f>"9x"', { f: '10' })).toBe(false);
    expect(keeps('"Z"<"a"')).toBe(true);
    expect(keeps('"\uffff"<"😀"')).toBe(true);
  });

  test('= of several values is any of them (measured on 8.2.2), != a matter of reading', () => {
    const event = { f: ['a', 'b'] };
    expect([keeps('f="b"', event), keeps('f="c"', event)]).toEqual([true, false]);
    expect(keeps('f!="b"', event)).toBe(true);
    expect(keeps('f!="b"', event, { 'where-not-equal-multivalue': 'none' })).toBe(false);
    expect(keeps('f!="c"', event, { 'where-not-equal-multivalue': 'none' })).toBe(true);
  });

  test('AND binds before OR', () => {
    expect(keeps('a=1 OR b=2 AND c=3', { a: '1' })).toBe(true);
    expect(keeps('a=1 XOR b=2', { a: '1', b: '2' })).toBe(false);
  });

  test('an unquoted dot joins texts, so dotted fields need single quotes', () => {
    const event = { 'a.b': 'dotted', a: 'x', b: 'y' };
    expect([value('a.b', event), value("'a.b'", event)]).toEqual(['xy', 'dotted']);
  });
});

describe('match and like', () => {
  test('match finds a part, cased unless the pattern says otherwise', () => {
    expect(keeps('match(f, "b.")', { f: 'abc' })).toBe(true);
    expect(keeps('match(f, "^b")', { f: 'abc' })).toBe(false);
    expect(keeps('match(f, "B")', { f: 'abc' })).toBe(false);
    expect(keeps('match(f, "(?i)B")', { f: 'abc' })).toBe(true);
  });

  test('a literal backslash takes four (Search Manual, SPL and regular expressions)', () => {
    expect(keeps('match(f, "c:\\\\\\\\temp")', { f: 'c:\\temp' })).toBe(true);
    expect(keeps('match(f, "^\\d+\\.$")', { f: '12.' })).toBe(true);
    expect(keeps('match(f, "^\\\\d+$")', { f: '12' })).toBe(true);
  });

  test('$ stands before a last line feed too, \\z does not (PCRE)', () => {
    expect(keeps('match(f, "a$")', { f: 'a\n' })).toBe(true);
    expect(keeps('match(f, "a\\\\z")', { f: 'a\n' })).toBe(false);
  });

  test('of several values are a matter of reading', () => {
    const event = { f: ['a', 'b'] };
    expect(keeps('match(f, "b")', event)).toBe(true);
    expect(keeps('match(f, "b")', event, { 'match-multivalue': 'first' })).toBe(false);
    expect(keeps('match(f, "b")', event, { 'match-multivalue': 'null' })).toBe(false);
  });

  test('like: % any run, _ one character, cased, the whole value', () => {
    const like = (pattern: string): boolean => keeps(`like(f, "${pattern}")`, { f: 'abc' });
    expect(['a%', 'A%', '_b_', 'ab', 'a%c'].map(like)).toEqual([true, false, true, false, true]);
  });

  test('what does not run in linear time is refused', () => {
    expect(() => keeps('match(f, "(?=x)")', { f: 'a' })).toThrow(/look-ahead/);
    expect(() => keeps('match(f, "(")', { f: 'a' })).toThrow(/can't be run/);
  });
});

describe('functions (Search Reference, evaluation functions)', () => {
  test('in: exact, no wildcards, items may be fields', () => {
    expect(keeps('in(f, "a", "b")', { f: 'b' })).toBe(true);
    expect(keeps('f IN ("a*")', { f: 'ab' })).toBe(false);
    expect(keeps('"x" IN (f, g)', { g: 'x' })).toBe(true);
  });

  test('cidrmatch: network first; no address is a matter of reading', () => {
    expect(keeps('cidrmatch("10.0.0.0/8", f)', { f: '10.9.9.9' })).toBe(true);
    expect(keeps('cidrmatch("fe80::/10", f)', { f: 'fe80::1' })).toBe(true);
    expect(keeps('cidrmatch("10.0.0.0/8", f)', { f: 'host' })).toBe(false);
    expect(keeps('NOT cidrmatch("10.0.0.0/8", f)', { f: 'host' })).toBe(true);
    const reading = { 'cidrmatch-non-address': 'null', 'not-null': 'null' };
    expect(keeps('NOT cidrmatch("10.0.0.0/8", f)', { f: 'host' }, reading)).toBe(false);
  });

  test('if, case and validate', () => {
    expect(value('if(f="x", 1, 2)')).toBe(2);
    expect(value('case(f="x", "a", f="y", "b")', { f: 'y' })).toBe('b');
    expect(value('case(f="x", "a")')).toBeUndefined();
    expect(value('case(f="x", "a", true(), "z")')).toBe('z');
    expect(value('validate(isnum(f), "no number", f>0, "negative")', { f: '-1' })).toBe('negative');
  });

  test('multivalue: mvfind, mvfilter, mvcount, mvindex, mvjoin', () => {
    const event = { f: ['ab', 'cd', 'ce'] };
    expect(value('mvfind(f, "^c")', event)).toBe(1);
    expect(value('mvfind(f, "x")', event)).toBeUndefined();
    expect(value('mvfilter(match(f, "^c"))', event)).toEqual(['cd', 'ce']);
    expect(value('mvcount(f)', event)).toBe(3);
    expect(value('mvcount(f)', { f: 'one' })).toBe(1);
    expect(value('mvcount(f)')).toBeUndefined();
    expect(value('mvindex(f, -1)', event)).toBe('ce');
    expect(value('mvindex(f, 0, 1)', event)).toEqual(['ab', 'cd']);
    expect(value('mvindex(f, 9)', event)).toBeUndefined();
    expect(value('mvjoin(f, "+")', event)).toBe('ab+cd+ce');
    expect(value('mvdedup(mvappend(f, "ab", g))', event)).toEqual(['ab', 'cd', 'ce']);
    expect(value('mvmap(f, f . "!")', event)).toEqual(['ab!', 'cd!', 'ce!']);
    expect(value('split("a,b,,c", ",")')).toEqual(['a', 'b', '', 'c']);
    expect(value('mvzip(f, f)', event)).toEqual(['ab,ab', 'cd,cd', 'ce,ce']);
    expect(() => value('mvfilter(f=g)', event)).toThrow(/exactly one field/);
  });

  test('text: lower, upper, len, substr, replace, trim, tonumber, tostring', () => {
    expect(value('lower("ÄB") . upper("c")')).toBe('äbC');
    expect(value('len("a😀")')).toBe(2);
    expect(value('substr("splendid", 2, 3) . substr("abc", -2)')).toBe('plebc');
    expect(value('replace("1/14/2017", "^(\\d{1,2})/(\\d{1,2})/", "\\2/\\1/")')).toBe('14/1/2017');
    expect(value('replace("a.b", "\\.", "$1")')).toBe('a$1b');
    expect(value('trim("  x ") . ltrim("xxa", "x")')).toBe('xa');
    expect(value('tonumber("0xff", 16) + tonumber("x")')).toBeUndefined();
    expect(value('tonumber("ff", 16)')).toBe(255);
    expect(value('tostring(615, "duration")')).toBe('00:10:15');
    expect(value('tostring(12345.6789, "commas")')).toBe('12,345.68');
    expect(value('tostring(1==1)')).toBe('True');
  });

  test('numbers: arithmetic in double precision, NULL where there is none', () => {
    expect(value('1 + 2 * 3 - 4 / 2')).toBe(5);
    expect(value('7 % 4')).toBe(3);
    expect(value('1 / 0')).toBeUndefined();
    expect(value('a + 1')).toBeUndefined();
    expect(value('"a" + "b"')).toBe('ab');
    expect(value('round(2.555, 2)')).toBe(2.56);
    expect(value('round(3.5)')).toBe(4);
    expect(value('max(1, "10", 9)')).toBe('10');
    expect(value('pow(2, 10) + floor(1.9) + abs(-1)')).toBe(1026);
  });

  test('times in UTC', () => {
    expect(value('now()')).toBe(now / 1000);
    expect(value('relative_time(now(), "-1d@d")')).toBe(Date.UTC(2025, 5, 14) / 1000);
    expect(value('relative_time(now(), "@w")')).toBe(Date.UTC(2025, 5, 15) / 1000);
    expect(value('relative_time(now(), "-1mon@mon+2h")')).toBe(Date.UTC(2025, 4, 1, 2) / 1000);
    expect(value('strftime(now(), "%Y-%m-%dT%H:%M:%S %a %b %j %3N%%")')).toBe(
      '2025-06-15T12:30:45 Sun Jun 166 000%',
    );
    expect(value('strptime("2025-06-15 12:30:45", "%Y-%m-%d %H:%M:%S")')).toBe(now / 1000);
    expect(value('strptime("2025-06-15T14:30:45+02:00", "%FT%T%z")')).toBe(now / 1000);
  });

  test('Booleans are conditions, not values', () => {
    expect(() => value('isnull(f)')).toThrow(/Boolean/);
    expect(() => keeps('f', { f: 'x' })).toThrow(/condition/);
    expect(value('if(isnull(f), "yes", "no")')).toBe('yes');
  });
});
