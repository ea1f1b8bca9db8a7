import { describe, expect, test } from 'vitest';
import { QuerySyntaxError } from '#backend';
import { parse } from '../../../backends/sentinel/parse.ts';
import { print } from '../../../backends/sentinel/print.ts';

describe('reads', () => {
  test.for([
    ['T | where a == "x" // why\n', 'T\n| where a == "x"\n'],
    ['// above\n//\nlet a = 1;//b\nT', '// above\n//\nlet a = 1;\n// b\nT\n'],
    ['let x = materialize(T | take 1); x', 'let x = materialize(\n    T\n    | take 1\n);\nx\n'],
    ["T|filter a=~'x' and(b or c)", 'T\n| where a =~ "x" and (b or c)\n'],
    ['T | limit 5', 'T\n| take 5\n'],
    ['T | order by a', 'T\n| sort by a desc\n'],
    ['T | where a <> 1', 'T\n| where a != 1\n'],
    [
      'T | where d["k"] == d.k and d[\'odd key\'] == d[0]',
      "T\n| where d.k == d.k and d['odd key'] == d[0]\n",
    ],
    [
      'T | where parse_json(Resources).[0].ARN == ""',
      'T\n| where parse_json(Resources)[0].ARN == ""\n',
    ],
    ["['odd table'] | where ['and'] == 1", "['odd table']\n| where ['and'] == 1\n"],
    [
      'T | where t > ago(1h) and t between (now(-1d) .. now())',
      'T\n| where t > ago(1h) and t between (now(-1d) .. now())\n',
    ],
    [
      'let x = 5; let t = T | where a == x; t | count',
      'let x = 5;\nlet t = T\n    | where a == x;\nt\n| count\n',
    ],
    ['T | where a in (U | project b)', 'T\n| where a in ((U | project b))\n'],
    [
      'T | join kind=inner (U | where c) on $left.a == $right.b, d',
      'T\n| join kind=inner (U | where c) on $left.a == $right.b, d\n',
    ],
    [
      'T | summarize n = count(), make_set(a) by bin(t, 5m), b',
      'T\n| summarize n = count(), make_set(a) by bin(t, 5m), b\n',
    ],
    [
      'T | mv-expand i = d.items to typeof(string) limit 3',
      'T\n| mv-expand i = d.items to typeof(string) limit 3\n',
    ],
    ['print "a" \'b\' @"c\\"', 'print "abc\\\\"\n'],
    [
      'print 0x1F, 1.50, 1e3, 2d, 90m, 1.5h, dynamic({"a":[1,null]}), real(nan)',
      'print 31, 1.5, 1000.0, 2d, 90m, 90m, dynamic({"a": [1, null]}), real(nan)\n',
    ],
    [
      'print datetime(2020-01-02), datetime(2020-01-02T03:04:05.678Z), datetime(null)',
      'print datetime(2020-01-02T00:00:00.0000000Z), datetime(2020-01-02T03:04:05.6780000Z), datetime(null)\n',
    ],
  ])('%s', ([text = '', canonical]) => {
    expect(print(parse(text))).toBe(canonical);
    expect(print(parse(canonical ?? ''))).toBe(canonical);
  });
});

describe('refuses, at its place', () => {
  test.for([
    ['T | where a AND b', 12],
    ['T | where a == ', 15],
    ['T | wher a', 4],
    ['T | where a == "\\W"', 17],
    ['T | where a == "\\U00110000"', 17],
    ['T | where a == "x', 17],
    ['T | where a == "x\ny"', 17],
    ['T | where and == 1', 10],
    ['T | where d.set == 1', 11],
    ['T | extend title = 1', 11],
    ['T | where f(a', 13],
    ['T | where (a == 1 and b == 2', 28],
    ['T | where a in~ ("x"', 20],
    ['T | scan', 4],
    ['T | extend a.b = 1', 11],
    ['1 + 2 | where a', 0],
    ['print dynamic({a b})', 17],
    ['print datetime(soon)', 6],
  ] as const)('%s', ([text, start]) => {
    expect(problem(text)).toMatchObject({ name: 'QuerySyntaxError', start });
  });

  test('and says what was expected', () => {
    expect(problem('T | where a == ')).toMatchObject({
      message: 'The query ends where this was expected: value',
    });
    expect(problem('T | where d.set == 1')).toMatchObject({
      message: '"set" is a keyword; as a name it is written [\'set\']',
    });
  });
});

describe('deep nesting', () => {
  const nested = (depth: number): string =>
    `T | where ${'('.repeat(depth)}a == 1${')'.repeat(depth)} or not(${'not('.repeat(40)}b${')'.repeat(40)})`;

  test('200 parentheses are read in milliseconds', () => {
    parse(nested(10));
    const start = performance.now();
    parse(nested(200));
    expect(performance.now() - start).toBeLessThan(250);
  });

  test('what nests deeper is refused', () => {
    expect(problem(nested(1000))).toBeInstanceOf(QuerySyntaxError);
  });

  test("quotes that hide brackets from the count of their depth don't end in a crash", () => {
    const hidden = `print @"\\", ${'('.repeat(50_000)}1${')'.repeat(50_000)}`;
    expect(problem(hidden)).toBeInstanceOf(QuerySyntaxError);
  });

  test('a long chain of "and" isn\'t deep', () => {
    const chain = Array.from({ length: 5000 }, (_, i) => `a == ${i}`).join(' or ');
    expect(() => parse(`T | where ${chain}`)).not.toThrow();
  });
});

function problem(text: string): unknown {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error;
  }
}
