import { describe, expect, test } from 'vitest';
import { splunk } from '../../../backends/splunk/index.ts';
import { hits, rows, runText } from './support.ts';

const at = (
  time: number,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  _time: time,
  ...more,
});

describe('rows and columns', () => {
  test('regex: = needs the field, != keeps rows without it (Search Reference, regex)', () => {
    const events = [{ f: 'abc' }, { f: 'x' }, {}];
    expect(hits('* | regex f="b"', events)).toEqual([0]);
    expect(hits('* | regex f!="b"', events)).toEqual([1, 2]);
    expect(hits('* | regex "b"', [{ _raw: 'abc' }])).toEqual([0]);
  });

  test('where: says what seems to lack quotes, when nothing is left', () => {
    const events = [{ name: 'a', 'b.c': 'd' }, {}];
    const said = (text: string): readonly string[] => runText(`* | ${text}`, events).assumptions;
    expect(said('where name=a')).toEqual([
      'No event has a field "a"; in where a text takes double quotes.',
    ]);
    expect(said('where true() AND (b.c="d" OR name="x")')).toEqual([
      'In where a dot joins texts; the field "b.c" takes single quotes.',
    ]);
    expect(said('where name="a" OR name=x')).toEqual([]);
    expect(said('where name="b" OR other="b"')).toEqual([]);
    expect(said('search name=zzz | where name=a')).toEqual([]);
  });

  test('rex: named groups of the first match, or of all', () => {
    const event = { f: 'a=1 b=2' };
    expect(rows('* | rex field=f "(?<k>\\w)=(?<v>\\d)"', [event])).toEqual([
      { ...event, k: 'a', v: '1' },
    ]);
    expect(rows('* | rex field=f max_match=0 "(?<k>\\w)=" | table k', [event])).toEqual([
      { k: ['a', 'b'] },
    ]);
    expect(rows('* | rex field=f "(?P<e>x?)" | table e', [event])).toEqual([{}]);
    expect(
      rows('* | rex field=f "(?P<e>x?)" | table e', [event], { 'rex-empty': 'empty' }),
    ).toEqual([{ e: '' }]);
  });

  test('table, fields and rename, with wildcards', () => {
    const event = { _time: 1, 'a.x': '1', 'a.y': '2', b: '3' };
    expect(runText('* | table b, a.*, c', [event])).toMatchObject({
      columns: [{ name: 'b' }, { name: 'a.x' }, { name: 'a.y' }, { name: 'c' }],
      rows: [['3', '1', '2', null]],
      hits: [0],
    });
    expect(rows('* | fields b', [event])).toEqual([{ _time: 1, b: '3' }]);
    expect(rows('* | fields - a.*, _time', [event])).toEqual([{ b: '3' }]);
    expect(rows('* | rename a.* as *, b as "c d" | fields - _time', [event])).toEqual([
      { x: '1', y: '2', 'c d': '3' },
    ]);
  });

  test('head, tail and reverse', () => {
    const events = [1, 2, 3].map((n) => ({ n: String(n) }));
    expect(hits('* | head 2', events)).toEqual([0, 1]);
    expect(hits('* | tail 2', events)).toEqual([2, 1]);
    expect(hits('* | reverse', events)).toEqual([2, 1, 0]);
  });

  test('sort: by number or text per pair, missing last ascending, 10,000 rows unless 0', () => {
    const events = [{ n: '10' }, {}, { n: '9' }, { n: 'x' }];
    expect(hits('* | sort n', events)).toEqual([2, 0, 3, 1]);
    expect(hits('* | sort - n', events)).toEqual([3, 0, 2, 1]);
    expect(hits('* | sort 1 n', events)).toEqual([2]);
    const many = Array.from({ length: 10_001 }, (_, i) => ({ n: String(i) }));
    expect(hits('* | sort n', many)).toHaveLength(10_000);
    expect(hits('* | sort 0 n', many)).toHaveLength(10_001);
    expect(hits('* | sort ip(a)', [{ a: '10.0.0.10' }, { a: '10.0.0.9' }])).toEqual([1, 0]);
  });

  test('dedup: drops rows without the field, keeps the first', () => {
    const events = [{ a: '1' }, { a: '1' }, {}, { a: '2' }, { a: '1' }];
    expect(hits('* | dedup a', events)).toEqual([0, 3]);
    expect(hits('* | dedup 2 a', events)).toEqual([0, 1, 3]);
    expect(hits('* | dedup a keepempty=t', events)).toEqual([0, 2, 3]);
    expect(hits('* | dedup a consecutive=t', events)).toEqual([0, 3, 4]);
  });

  test('fillnull: 0 unless told, the listed fields or those that some row has', () => {
    expect(rows('* | fillnull', [{ a: '1' }, { b: '2' }])).toEqual([
      { a: '1', b: '0' },
      { a: '0', b: '2' },
    ]);
    expect(rows('* | fillnull value="-" c', [{ a: '1' }])).toEqual([{ a: '1', c: '-' }]);
  });

  test('mvexpand: a row a value, each still standing for its event', () => {
    const result = runText('* | mvexpand a', [{ a: ['x', 'y'], b: '1' }, { b: '2' }]);
    expect(result.hits).toEqual([0, 0, 1]);
    expect(result.rows).toEqual([
      ['x', '1'],
      ['y', '1'],
      [null, '2'],
    ]);
  });

  test('spath: values at a path', () => {
    const event = { _raw: '{"a":{"b":[{"c":1},{"c":null},{"c":"x"}]},"d":true}' };
    expect(rows('* | spath output=v path=a.b{}.c | table v', [event])).toEqual([{ v: ['1', 'x'] }]);
    expect(rows('* | spath output=v path=a.b{2}.c | table v', [event])).toEqual([{ v: 'x' }]);
    expect(rows('* | spath d | table d', [event])).toEqual([{ d: 'true' }]);
  });

  test('eval: each field sees those before it', () => {
    expect(rows('* | eval x=1, y=x+1', [{}])).toEqual([{ x: 1, y: 2 }]);
  });

  test('tstats is read but can not be run', () => {
    expect(() => hits('| tstats count from datamodel=A', [])).toThrow(/data model/);
  });
});

describe('stats (Search Reference, stats)', () => {
  const events = [
    at(3, { u: 'a', n: '1', v: 'x' }),
    at(1, { u: 'b', n: '10', v: 'y' }),
    at(2, { u: 'a', n: '9', v: 'y' }),
    at(4, { n: '5' }),
  ];

  test('one row a group, none of them an event', () => {
    const result = runText('* | stats count, sum(n) as s by u', events);
    expect(result.columns.map(({ name }) => name)).toEqual(['u', 'count', 's']);
    expect(result.rows).toEqual([
      ['a', 2, 10],
      ['b', 1, 10],
    ]);
    expect(result.hits).toEqual([undefined, undefined]);
  });

  test('rows without a by-field are a matter of reading', () => {
    expect(rows('* | stats count by u', events, { 'stats-null-by': 'kept' })).toEqual([
      { u: 'a', count: 2 },
      { u: 'b', count: 1 },
      { count: 1 },
    ]);
  });

  test('aggregates', () => {
    const [row] = rows(
      '* | stats count(u), dc(v), values(v), list(v), min(n), max(n), avg(n), range(n), first(n), last(n), earliest(n), latest(n), median(n), stdevp(n), count(eval(n>5)) as big',
      events,
    );
    expect(row).toMatchObject({
      'count(u)': 3,
      'dc(v)': 2,
      'values(v)': ['x', 'y'],
      'list(v)': ['x', 'y', 'y'],
      'min(n)': '1',
      'max(n)': '10',
      'avg(n)': 6.25,
      'range(n)': 9,
      'first(n)': '1',
      'last(n)': '5',
      'earliest(n)': '10',
      'latest(n)': '5',
      // Of an even number the higher of the two in the middle (Search Reference, median).
      'median(n)': 9,
      big: 2,
    });
  });

  test('count, dc and values tell 1 from 1.0', () => {
    const numbers = [{ n: '1' }, { n: '1.0' }, { n: '01' }];
    expect(rows('* | stats dc(n) as d values(n) as v', numbers)).toEqual([
      { d: 3, v: ['01', '1', '1.0'] },
    ]);
  });

  test('several values of a by-field make several groups, the same value twice counts twice', () => {
    const many = [{ u: ['a', 'b', 'a'] }];
    expect(rows('* | stats count by u', many)).toEqual([
      { u: 'a', count: 2 },
      { u: 'b', count: 1 },
    ]);
    expect(rows('* | stats dedup_splitvals=t count by u', many)).toEqual([
      { u: 'a', count: 1 },
      { u: 'b', count: 1 },
    ]);
  });

  test('without rows count is 0', () => {
    expect(rows('* | stats count', [])).toEqual([{ count: 0 }]);
    expect(rows('* | stats count by u', [])).toEqual([]);
  });

  test('values(*) as * takes all fields', () => {
    expect(
      rows('* | stats values(*) as * by u', [
        { u: 'a', x: '1' },
        { u: 'a', y: '2' },
      ]),
    ).toEqual([{ u: 'a', x: '1', y: '2' }]);
  });

  test('eventstats keeps the events', () => {
    const result = runText('* | eventstats count as c by u | where c>1', events);
    expect(result.hits).toEqual([0, 2]);
  });
});

describe('streamstats (Search Reference, streamstats)', () => {
  const events = [0, 60, 120, 400].map((time, i) =>
    at(time, { u: i % 2 === 0 ? 'a' : 'b', n: String(i) }),
  );
  const counts = (options: string, switches = {}): readonly unknown[] =>
    rows(`* | streamstats ${options} | table c`, events, switches).map((row) => row['c']);

  test('runs in the order of the rows', () => {
    expect(counts('count as c')).toEqual([1, 2, 3, 4]);
    expect(counts('count as c by u')).toEqual([1, 1, 2, 2]);
    expect(counts('current=f count as c')).toEqual([0, 1, 2, 3]);
    expect(counts('sum(n) as c')).toEqual([0, 1, 3, 6]);
    expect(counts('max(n) as c by u')).toEqual(['0', '1', '2', '3']);
  });

  test('window counts rows, over all groups unless global=f', () => {
    expect(counts('window=2 count as c')).toEqual([1, 2, 2, 2]);
    expect(counts('window=2 count as c by u')).toEqual([1, 1, 1, 1]);
    expect(counts('window=2 global=f count as c by u')).toEqual([1, 1, 2, 2]);
    expect(counts('window=2 current=f sum(n) as c')).toEqual([undefined, 0, 1, 3]);
  });

  test('time_window counts back in time; its far end is a matter of reading', () => {
    expect(counts('time_window=2m count as c')).toEqual([1, 2, 3, 1]);
    expect(counts('time_window=2m count as c', { 'time-window': 'exclusive' })).toEqual([
      1, 2, 2, 1,
    ]);
    expect(counts('time_window=1m dc(u) as c')).toEqual([1, 2, 2, 1]);
  });

  test('time_window needs rows in the order of time', () => {
    const mixed = [at(5), at(1), at(3)];
    expect(() => hits('* | streamstats time_window=1m count', mixed)).toThrow(/sort 0 _time/);
    expect(hits('* | sort 0 _time | streamstats time_window=1m count', mixed)).toEqual([1, 2, 0]);
  });
});

describe('bin (Search Reference, bin)', () => {
  test('times fall to the start of their bucket, counted from 1970', () => {
    expect(rows('* | bin _time span=5m', [at(601), at(899)])).toEqual([at(600), at(600)]);
    expect(runText('* | bin _time span=1d', [at(100_000)])).toMatchObject({
      rows: [[86_400]],
      assumptions: [expect.stringContaining('UTC')],
    });
  });

  test('numbers become ranges', () => {
    expect(rows('* | bin n span=10', [{ n: '27' }])).toEqual([{ n: '20-30' }]);
  });
});

describe('accum (Search Reference, accum)', () => {
  test('a running total of a field’s numbers; other rows are passed over', () => {
    const events = [{ n: '1' }, { n: 'x' }, {}, { n: '2.5' }, { n: '-1' }];
    expect(rows('* | accum n as t | fields t', events)).toEqual([
      { t: 1 },
      {},
      {},
      { t: 3.5 },
      { t: 2.5 },
    ]);
    expect(rows('* | accum n', events).map(({ n }) => n)).toEqual([1, 'x', undefined, 3.5, 2.5]);
  });
});

describe('filldown (Search Reference, filldown)', () => {
  const events = [{}, { a: '1', b1: 'x' }, { b1: ['y', 'z'] }, {}];

  test('the last value that is not null; none before leaves it null', () => {
    expect(rows('* | filldown a', events).map(({ a }) => a)).toEqual([undefined, '1', '1', '1']);
  });

  test('wildcards, and all fields when none is named', () => {
    const all = [{}, { a: '1', b1: 'x' }, { a: '1', b1: ['y', 'z'] }, { a: '1', b1: ['y', 'z'] }];
    expect(rows('* | filldown', events)).toEqual(all);
    expect(rows('* | filldown b* a', events)).toEqual(all);
  });
});

describe('mvrange (Search Reference, multivalue eval functions)', () => {
  test('counts up to the end, which is left out', () => {
    const many = (text: string): unknown => rows(`* | eval r=${text} | fields r`, [{}])[0]?.['r'];
    expect(many('mvrange(1, 4)')).toEqual([1, 2, 3]);
    expect(many('mvrange(1, 11, 4)')).toEqual([1, 5, 9]);
    expect(many('mvrange(4, 4)')).toBeUndefined();
  });
});

describe('percentiles (limits.conf, perc_method: nearest-rank)', () => {
  const events = ['4', '1', '3', '2'].map((n) => ({ n }));

  test.each([
    ['exactperc0', '1'],
    ['exactperc25', '2'],
    ['exactperc50', '3'],
    ['median', '3'],
    ['exactperc95', '4'],
    ['exactperc100', '4'],
  ])('%s', (name, expected) => {
    expect(rows(`* | stats ${name}(n) as r`, events)).toEqual([{ r: Number(expected) }]);
  });

  test.each([
    ['exactperc25', 1.75],
    ['median', 2.5],
    ['exactperc100', 4],
  ])('%s, where it is set to interpolated', (name, expected) => {
    const interpolated = { 'percentile-method': 'interpolated' };
    expect(rows(`* | stats ${name}(n) as r`, events, interpolated)).toEqual([{ r: expected }]);
    expect(rows(`* | stats ${name}(x) as r`, events, interpolated)[0]?.['r']).toBeUndefined();
  });
});

describe('comments', () => {
  test('before a pipe they stay with the command behind it, all others are left out', () => {
    const text = 'a ```one```\n```two```\n| mvexpand ```three``` b ```four``` | head 1 ```five```';
    expect(splunk.format(text)).toBe('"a"\n```one two```\n| mvexpand b\n```four```\n| head 1\n');
  });
});

describe('streamstats without a window', () => {
  test('counts all events or the last 10,000: a matter of reading', () => {
    const many = Array.from({ length: 10_002 }, () => ({}));
    const last = (switches: Readonly<Record<string, string>>): unknown =>
      rows('* | streamstats count as c | tail 1', many, switches)[0]?.['c'];
    expect(last({})).toBe(10_002);
    expect(last({ 'streamstats-unbounded': 'window' })).toBe(10_000);
  });

  test('and of all groups together, unless each has a window for itself', () => {
    const many = Array.from({ length: 10_003 }, (_, i) => ({ k: i % 10_002 === 0 ? 'a' : 'b' }));
    const last = (options: string, reading: string): unknown =>
      rows(`* | streamstats ${options} count as c by k | tail 1`, many, {
        'streamstats-unbounded': reading,
      })[0]?.['c'];
    expect(last('', 'all')).toBe(2);
    expect(last('', 'window')).toBe(1);
    expect(last('global=f', 'window')).toBe(2);
  });
});
