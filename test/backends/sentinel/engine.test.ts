import { describe, expect, test } from 'vitest';
import { sentinel } from '../../../backends/sentinel/index.ts';
import { problemOf, rowsOf, value } from './support.ts';

describe('null values (null-values)', () => {
  test.for([
    ['long(null) == 1', false],
    ['long(null) != 1', true],
    ['bool(null) == true', false],
    ['bool(null) != true', true],
    ['long(null) > 3', null],
    ['long(null) + 3', null],
    ['not(bool(null))', null],
    ['bool(null) and false', false],
    ['bool(null) or true', true],
    ['bool(null) or false', null],
    ['isnull(long(null))', true],
    ['isnull("")', false],
    ['isnotnull("")', true],
    ['isempty("")', true],
    ['isempty(long(null))', true],
    ['isnotempty(" ")', true],
    ['isnull(parse_json(""))', true],
    ['isempty(dynamic([]))', false],
    ['isnull(dynamic({}))', false],
    ['tostring(long(null))', ''],
    ['iff(bool(null), "then", "else")', 'else'],
    ['coalesce(tolong("no number"), tolong("42"), 33)', 42],
    ['coalesce("", "second")', 'second'],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(value(expression)).toBe(expected);
  });

  test('a row is kept only where the condition is true', () => {
    const rows = 'datatable(v: long) [1, long(null), 5]';
    expect(rowsOf(`${rows} | where v > 3`)).toEqual([[5]]);
    expect(rowsOf(`${rows} | where not(v > 3)`)).toEqual([[1]]);
    expect(rowsOf(`${rows} | where v != 5`)).toEqual([[1], [null]]);
    expect(rowsOf(`${rows} | where v == 5 or isnull(v)`)).toEqual([[null], [5]]);
  });

  test('where the pages differ, both readings are to be had', () => {
    const reading = (name: string): unknown =>
      value('not(bool(null) and true)', { switches: { 'null-and': name } });
    expect(reading('null')).toBe(null);
    expect(reading('false')).toBe(true);
  });
});

describe('string operators (datatypes-string-operators)', () => {
  test.for([
    ['"aBc" == "abc"', false],
    ['"aBc" =~ "abc"', true],
    ['"Ä" =~ "ä"', false],
    ['tolower("Ä") == "ä"', true],
    ['"aBc" !~ "abc"', false],
    ['"ABC" contains "b"', true],
    ['"ABC" contains_cs "b"', false],
    ['"ABC" !contains "x"', true],
    ['"ABC" startswith "a"', true],
    ['"ABC" endswith_cs "c"', false],
    ['"anything" contains ""', true],
    ['"a" in ("A", "b")', false],
    ['"a" in~ ("A", "b")', true],
    ['"a" !in~ ("A", "b")', false],
    ['"b" in (dynamic(["a", "b"]))', true],
    ['"North America" has "america"', true],
    ['"North America" has "amer"', false],
    ['"a-b" has "b"', true],
    ['"x" matches regex "X"', false],
    ['"xyz" matches regex "y"', true],
    ['"x\\ny" matches regex "x.y"', false],
    ['"x\\ny" matches regex "(?s)x.y"', true],
    ['"x\\n" matches regex "x$"', false],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(value(expression)).toBe(expected);
  });

  test('look-around is refused, as the engine does (regex)', () => {
    expect(problemOf('print "x" matches regex "(?=x)"')).toContain('look-ahead');
  });
});

describe('types are checked before anything runs', () => {
  test.for([
    ['print "5" == 5', "can't compare"],
    ['print 5 =~ "5"', 'takes strings'],
    ['print "a" + 1', "can't be applied"],
    ['print 1 and true', 'not a bool'],
    ['print dynamic(1) | where print_0 == "x" | where print_0 + 1 == 2', "can't be applied"],
    ['print a = 1 | where b == 1', 'no column "b"'],
    ['print a = "x" | where a.b == 1', 'no properties'],
    ['print nofunction(1)', "isn't supported"],
    ['print strlen()', "doesn't take 0 arguments"],
    ['print a = dynamic([1]) | summarize count() by a', "can't be grouped"],
    [
      'print a = 1 | extend p = prev(a) | where p == 1 | summarize count() | extend q = prev(count_)',
      'serialize',
    ],
    ['NoSuchTable | take 1', 'no table'],
  ] as const)('%s', ([query, why]) => {
    expect(problemOf(query)).toContain(why);
  });

  test('the nearest name is offered', () => {
    expect(problemOf('print EventName = "x" | where EvenName == "x"')).toContain(
      'Did you mean "EventName"?',
    );
  });
});

describe('dynamic values (dynamic, parse-json-function)', () => {
  test.for([
    ['parse_json(\'{"a": {"b": [1, 2]}}\').a.b[1]', 2],
    ['parse_json(\'{"a": [1, 2]}\').a[-1]', 2],
    ['parse_json(\'{"odd key": 1}\')["odd key"]', 1],
    ['parse_json(\'{"a": 1}\').b', null],
    ['parse_json("no json").a', null],
    ['tostring(parse_json("no json"))', 'no json'],
    ['tostring(parse_json(\'{"a": [1,"x"]}\'))', '{"a":[1,"x"]}'],
    ['tostring(parse_json(\'{"n": 118.0}\').n)', '118'],
    ['tostring(parse_json(\'{"n": 12345678901234567890}\').n)', '12345678901234567890'],
    ['array_length(dynamic([1, 2, 3]))', 3],
    ['array_length(dynamic({}))', null],
    ['array_length(parse_json("{}").none)', null],
    ['gettype(parse_json("true"))', 'bool'],
    ['gettype(parse_json("{}"))', 'dictionary'],
    ['tostring(extract_all("(a)(b?)", "ab a"))', '[["a","b"],["a",""]]'],
    ['isnull(extract_all("(a)", "b"))', true],
    ['tostring(extract_all("(a)(b)", "b")[0][1])', ''],
    ['extract_json("$.a.b", \'{"a": {"b": "2020-01-02"}}\')', '2020-01-02'],
    ['set_has_element(dynamic(["a", "b"]), "b")', true],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(value(expression)).toBe(expected);
  });

  test('a property named like one of every object is no property', () => {
    expect(value('parse_json("{}").constructor')).toBe(null);
    expect(value('parse_json(\'{"__proto__": 1}\').__proto__')).toBe(1);
  });

  test('whether a date in JSON keeps its text is open', () => {
    const text = 'tostring(parse_json(\'{"t": "2020-01-02T03:04:05Z"}\').t)';
    expect(value(text)).toBe('2020-01-02T03:04:05Z');
    expect(value(text, { switches: { 'json-dates': 'datetime' } })).toBe(
      '2020-01-02T03:04:05.0000000Z',
    );
  });

  test('the text of a boolean is open', () => {
    expect(value('tostring(true)')).toBe('true');
    expect(value('tostring(parse_json("false"))', { switches: { 'bool-text': 'True' } })).toBe(
      'False',
    );
  });
});

describe('mv-expand and mv-apply (mv-expand-operator, mv-apply-operator)', () => {
  const rows =
    'datatable(id: long, d: dynamic) [1, dynamic(["a", "b"]), 2, dynamic([]), 3, dynamic(null)]';

  test('n elements are n rows, an empty array is none, null is one', () => {
    expect(rowsOf(`${rows} | mv-expand d | project id, tostring(d)`)).toEqual([
      [1, 'a'],
      [1, 'b'],
      [3, ''],
    ]);
  });

  test('the columns of a row stand beside what the sub-query makes of its elements', () => {
    expect(
      rowsOf(`${rows} | where id == 1 | mv-apply e = d on (summarize n = count()) | project id, n`),
    ).toEqual([[1, 2]]);
  });

  test('whether the sub-query runs on an empty array is open', () => {
    const query = `${rows} | mv-apply e = d on (summarize n = countif(tostring(e) == "a")) | project id, n`;
    expect(rowsOf(query)).toEqual([
      [1, 1],
      [3, 0],
    ]);
    expect(rowsOf(query, { switches: { 'mv-apply-empty': 'runs' } })).toEqual([
      [1, 1],
      [2, 0],
      [3, 0],
    ]);
  });

  test('a row whose array is empty or missing is kept by null in its place', () => {
    const guarded = 'iff(array_length(d) > 0, d, dynamic([null]))';
    const query = `${rows} | mv-apply e = ${guarded} on (summarize n = countif(tostring(e) == "a")) | project id, n`;
    expect(rowsOf(query)).toEqual([
      [1, 1],
      [2, 0],
      [3, 0],
    ]);
  });
});

describe('series of times (range-function)', () => {
  test.for([
    ['range(1, 8, 3)', [1, 4, 7]],
    ['array_length(range(datetime(2007-01-01), datetime(2007-12-31), 1d))', 365],
    ['array_length(range(1h, 5h))', 5],
    ['tostring(range(1h, 2h)[1])', '02:00:00'],
    [
      'tostring(range(bin(datetime(2007-01-02T00:30), 1h), datetime(2007-01-02T01:30), 1h)[1])',
      '2007-01-02T01:00:00.0000000Z',
    ],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(value(expression)).toEqual(expected);
  });

  test('are expanded to times', () => {
    const series = 'range(datetime(2007-01-01), datetime(2007-01-02), 1d)';
    expect(
      rowsOf(
        `print d = ${series} | mv-expand d to typeof(datetime) | where d > datetime(2007-01-01)`,
      ),
    ).toEqual([['2007-01-02T00:00:00.0000000Z']]);
  });
});

describe('addresses (ipv4-is-in-range-function, ipv6-is-in-range-function)', () => {
  test.for([
    ['ipv4_is_in_range("192.168.1.1", "192.168.1.255/24")', true],
    ['ipv4_is_in_range("192.168.1.1/24", "192.168.1.2")', true],
    ['ipv4_is_in_range("10.0.0.1", "192.168.0.0/16")', false],
    ['ipv4_is_in_range("host", "10.0.0.0/8")', null],
    ['ipv4_is_in_range("", "10.0.0.0/8")', null],
    ['ipv4_is_in_range("fe80::1", "10.0.0.0/8")', null],
    ['not(coalesce(ipv4_is_in_range("host", "10.0.0.0/8"), false))', true],
    ['ipv6_is_in_range("fe80::1", "fe80::/10")', true],
    ['ipv6_is_in_range("host", "fe80::/10")', null],
    ['ipv6_is_match("192.168.1.1", "::ffff:c0a8:0101")', true],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(value(expression)).toBe(expected);
  });

  test('what ipv6_is_in_range makes of an IPv4 address is open', () => {
    const test = 'ipv6_is_in_range("10.0.0.1", "::/0")';
    expect(value(test)).toBe(null);
    expect(value(test, { switches: { 'ipv4-as-ipv6': 'mapped' } })).toBe(true);
  });
});

describe('conversions', () => {
  test.for([
    ['todouble("1.5")', 1.5],
    ['todouble("x")', null],
    ['tolong("42")', 42],
    ['toint("99999999999")', null],
    ['tobool("TRUE")', true],
    ['tobool("yes")', null],
    ['todatetime("2020-01-02T03:04:05Z")', '2020-01-02T03:04:05.0000000Z'],
    ['todatetime("soon")', null],
    ['tostring(1.5)', '1.5'],
    ['7 / 2', 3],
    ['-14 % 12', 10],
    ['7 / 2.0', 3.5],
    ['1h + 30m', '01:30:00'],
    ['datetime(2020-01-01) - 1tick', '2019-12-31T23:59:59.9999999Z'],
    ['bin(datetime(2020-01-01T10:07:00), 5m)', '2020-01-01T10:05:00.0000000Z'],
    ['bin(7, 0)', null],
    ['dayofweek(datetime(2015-12-20))', '00:00:00'],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(value(expression)).toBe(expected);
  });
});

describe('summarize (summarize-operator)', () => {
  const rows = 'datatable(k: string, v: long) ["a", 1, "b", 2, "a", 3, "", 4, "a", long(null)]';

  test('an empty key forms a group of its own', () => {
    expect(rowsOf(`${rows} | summarize count() by k | sort by k asc`)).toEqual([
      ['', 1],
      ['a', 3],
      ['b', 1],
    ]);
  });

  test('without "by" there is one row even of no rows', () => {
    expect(
      rowsOf(
        `${rows} | where false | summarize n = count(), s = sum(v), m = max(v), l = make_list(v)`,
      ),
    ).toEqual([[0, 0, null, []]]);
    expect(rowsOf(`${rows} | where false | summarize count() by k`)).toEqual([]);
  });

  test('nulls are left out of aggregates', () => {
    expect(
      rowsOf(`${rows} | summarize sum(v), avg(v), dcount(v), make_list(v), countif(v > 1)`),
    ).toEqual([[10, 2.5, 4, [1, 2, 3, 4], 3]]);
  });

  test('aggregates can be parts of expressions', () => {
    expect(rowsOf(`${rows} | summarize x = max(v) - min(v), many = count() > 3`)).toEqual([
      [3, true],
    ]);
  });
});

describe('the time of the run', () => {
  test('now() and ago() count from it', () => {
    const now = Date.UTC(2024, 1, 3, 4, 5, 6);
    expect(value('now()', { now })).toBe('2024-02-03T04:05:06.0000000Z');
    expect(value('ago(1d)', { now })).toBe('2024-02-02T04:05:06.0000000Z');
  });
});

describe('ingestion_time', () => {
  const event = {
    table: 'T',
    TimeGenerated: '2026-01-15T00:00:00Z',
    $IngestionTime: '2026-01-15T00:05:00Z',
  };
  const shown = (query: string, options = {}) => sentinel.prepare(query)([event], options);

  test('is hidden from all else, and null behind what makes new rows', () => {
    expect(shown('T').columns.map(({ name }) => name)).toEqual(['TimeGenerated']);
    expect(shown('T | where true | project t = ingestion_time()').rows).toEqual([
      ['2026-01-15T00:05:00.0000000Z'],
    ]);
    expect(
      shown('T | summarize by TimeGenerated | extend t = ingestion_time() | project t').rows,
    ).toEqual([[null]]);
    expect(shown('print t = ingestion_time()').rows).toEqual([[null]]);
  });

  test('behind other operators is an open question', () => {
    const query = 'T | extend x = 1 | project t = ingestion_time()';
    expect(shown(query).assumptions.join()).toContain('taken as: kept');
    expect(shown(query, { switches: { 'ingestion-time': 'null' } }).rows).toEqual([[null]]);
  });
});

test('whether sort tells upper from lower case is an open question', () => {
  const query = 'datatable(a: string) ["b", "B", "a"] | sort by a asc';
  expect(rowsOf(query).flat()).toEqual(['B', 'a', 'b']);
  expect(rowsOf(query, { switches: { 'sort-text': 'caseless' } }).flat()).toEqual(['a', 'b', 'B']);
});
