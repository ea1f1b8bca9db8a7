import { describe, expect, test } from 'vitest';
import { hits, now, runText } from './support.ts';

describe('search (Search Reference, search)', () => {
  const events = [{ f: 'Abc' }, { f: 'xyz' }, {}, { f: ['one', 'ABC'] }];

  test('compares texts without case, any value of several', () => {
    expect(hits('f=abc', events)).toEqual([0, 3]);
    expect(hits('f="ABC"', events)).toEqual([0, 3]);
    expect(hits('f=CASE(Abc)', events)).toEqual([0]);
  });

  test('field names are cased', () => {
    expect(hits('F=abc', events)).toEqual([]);
  });

  test('NOT keeps events without the field, != does not', () => {
    expect(hits('NOT f=abc', events)).toEqual([1, 2]);
    expect(hits('f!=abc', events.slice(0, 3))).toEqual([1]);
  });

  test('!= of several values is a matter of reading', () => {
    expect(hits('f!=abc', events)).toEqual([1, 3]);
    expect(hits('f!=abc', events, { 'search-not-equal-multivalue': 'none' })).toEqual([1]);
  });

  test('f=* is presence, f!=* never holds', () => {
    expect(hits('f=*', events)).toEqual([0, 1, 3]);
    expect(hits('NOT f=*', events)).toEqual([2]);
    expect(hits('f!=*', events)).toEqual([]);
  });

  test('* is a run of any length, and nothing escapes it', () => {
    expect(hits('f=a*', events)).toEqual([0, 3]);
    expect(hits('f=*c', events)).toEqual([0, 3]);
    expect(hits('f=*B*', events)).toEqual([0, 3]);
    expect(hits('f="a?c"', events)).toEqual([]);
    expect(hits('f="a\\*"', [{ f: 'a*' }, { f: 'a\\b' }])).toEqual([1]);
  });

  test('= compares numbers as texts, < by number where both are', () => {
    const numbers = [{ n: '1' }, { n: '1.0' }, { n: '10' }, { n: 'x' }];
    expect(hits('n=1', numbers)).toEqual([0]);
    expect(hits('n>9', numbers)).toEqual([2, 3]);
    expect(hits('n<=1', numbers)).toEqual([0, 1]);
  });

  test('takes a network for a set of addresses', () => {
    const ips = [{ ip: '10.1.2.3' }, { ip: '192.168.0.1' }, { ip: 'host' }, { ip: 'fe80::1' }];
    expect(hits('ip="10.0.0.0/8"', ips)).toEqual([0]);
    expect(hits('ip=fe80::/10', ips)).toEqual([3]);
    expect(hits('NOT ip=10.0.0.0/8', ips)).toEqual([1, 2, 3]);
  });

  test('IN is an OR with wildcards', () => {
    expect(hits('f IN (abc, x*)', events)).toEqual([0, 1, 3]);
    expect(hits('NOT f IN (abc, x*)', events)).toEqual([2]);
  });

  test('OR binds before AND', () => {
    const pairs = [{ a: '1' }, { a: '1', c: '3' }, { b: '2', c: '3' }];
    expect(hits('a=1 OR b=2 c=3', pairs)).toEqual([1, 2]);
  });

  test('an empty value that was kept is a matter of reading', () => {
    expect(hits('f=""', [{ f: '' }, {}])).toEqual([0]);
    expect(hits('f=""', [{ f: '' }, {}], { 'search-empty': 'never' })).toEqual([]);
  });

  test('a JSON null is a matter of reading', () => {
    expect(hits('f=*', [{ f: null }, { f: [null, 'a'] }])).toEqual([1]);
    expect(hits('f=null', [{ f: null }], { 'json-null': 'text' })).toEqual([0]);
  });

  test('the case of letters beyond ASCII is a matter of reading', () => {
    expect(hits('f=äB', [{ f: 'Äb' }, { f: 'äb' }])).toEqual([1]);
    expect(hits('f=äB', [{ f: 'Äb' }, { f: 'äb' }], { 'search-fold': 'unicode' })).toEqual([0, 1]);
  });
});

describe('words and phrases (Search Manual, event segmentation)', () => {
  const events = [{ _raw: 'user=Alice event::clear' }, { _raw: 'superuser alice-2' }, {}];

  test('are whole segments of _raw, without case', () => {
    expect(hits('alice', events)).toEqual([0, 1]);
    expect(hits('user', events)).toEqual([0]);
    expect(hits('ali', events)).toEqual([]);
    expect(hits('CASE(alice)', events)).toEqual([1]);
  });

  test('with * at an end may go on there', () => {
    expect(hits('ali*', events)).toEqual([0, 1]);
    expect(hits('*user', events)).toEqual([0, 1]);
    expect(hits('"event*clear"', events)).toEqual([0]);
  });

  // Search Manual, CASE and TERM: one segment, so a minor breaker within needs major ones around.
  test('TERM takes one segment', () => {
    const addresses = [{ _raw: 'from 10.0.0.6, ok' }, { _raw: 'ip=10.0.0.6' }];
    expect(hits('TERM(10.0.0.6)', addresses)).toEqual([0]);
    expect(hits('10.0.0.6', addresses)).toEqual([0, 1]);
    expect(hits('TERM(IP=10.0.0.6)', addresses)).toEqual([1]);
    expect(hits('TERM(ip=10.0*)', addresses)).toEqual([1]);
    expect(hits('TERM(6)', addresses)).toEqual([0, 1]);
  });

  test('* alone is every event', () => {
    expect(hits('*', events)).toEqual([0, 1, 2]);
  });
});

describe('what selects the events', () => {
  test('a macro takes all events and says so', () => {
    const result = runText('`cloudtrail` a=1', [{ a: '1' }]);
    expect(result.hits).toEqual([0]);
    expect(result.assumptions).toEqual(['The macro `cloudtrail` selects all of the given events.']);
    expect(runText('`siemc_index_x` a=1', [{ a: '1' }]).assumptions).toEqual([]);
  });

  test('a macro with arguments can not be run', () => {
    expect(() => hits('`m(1)`', [{}])).toThrow(/takes arguments/);
    expect(() => hits('a=1 | `ctime(t)`', [{}])).toThrow(/takes arguments/);
    expect(() => hits('a=1 | where `m`', [{}])).toThrow(/stands in an expression/);
  });

  test('index and sourcetype are fields, where events have them', () => {
    expect(hits('index=a', [{ index: 'a' }, { index: 'b' }])).toEqual([0]);
    expect(runText('index=a', [{}]).assumptions[0]).toMatch(/their index/);
    expect(hits('index=a sourcetype=b', [{ index: 'a' }, { sourcetype: 'c' }])).toEqual([0]);
  });

  test.each([
    'index=a',
    'index!=a',
    'NOT index=a',
    'sourcetype IN (a, b)',
    'NOT (index=a OR source=b*)',
    'NOT NOT source=a',
  ])('events that say neither are taken to fit: %s', (text) => {
    expect(hits(`${text} x=1`, [{ x: 1 }, { x: 2 }])).toEqual([0]);
  });

  test('earliest and latest count from the time of the run', () => {
    const at = (minutes: number): { readonly _time: number } => ({
      _time: now / 1000 - minutes * 60,
    });
    expect(hits('earliest=-1h latest=-5m', [at(90), at(30), at(1)])).toEqual([1]);
    expect(hits('earliest=@d', [at(12 * 60), at(13 * 60)])).toEqual([0]);
  });
});
