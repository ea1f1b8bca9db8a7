import { describe, expect, test } from 'vitest';
import { QuerySyntaxError } from '#backend';
import { parse } from '../../../backends/splunk/parse.ts';
import { print } from '../../../backends/splunk/print.ts';

/** The problem of a text and the part of it that is pointed at. */
function problemOf(text: string): { readonly message: string; readonly at: string } {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return { message: error.message, at: text.slice(error.start, error.end) };
  }
  throw new Error(`"${text}" was read`);
}

const formatted = (text: string): string => print(parse(text)).trimEnd();

describe('what people write', () => {
  test.each([
    // Search Reference, search: NOT before OR before AND.
    ['a=1 OR b=2 c=3', '(a="1" OR b="2")\n  c="3"'],
    ['a=1 AND b=2 OR c=3', 'a="1"\n  (b="2" OR c="3")'],
    ['NOT a=1 OR b=2', 'NOT a="1" OR b="2"'],
    ['index = main EventCode = 4688', 'index="main"\n  EventCode="4688"'],
    ['a!=x', 'a!="x"'],
    ['a IN (1, "b c", d*)', 'a IN ("1", "b c", "d*")'],
    ['failed password*', '"failed"\n  "password*"'],
    ['CASE(Foo) TERM(10.0.0.1) a=CASE("x")', 'CASE("Foo")\n  TERM("10.0.0.1")\n  a=CASE("x")'],
    ['"items{}.a"=x items{}.b=y', '"items{}.a"="x"\n  "items{}.b"="y"'],
    ['path=*\\\\temp\\\\*', 'path="*\\\\temp\\\\*"'],
    ['a=\\s', 'a="\\\\s"'],
    ['`my_index` ```find it``` a=1', '`my_index`\n  a="1"'],
    ['search a=1 | search b=2', 'a="1"\n| search b="2"'],
    // Search Reference, eval: NOT before AND before OR before XOR.
    ['* | where a=1 or b=2 and not c=3', '*\n| where a == 1 OR (b == 2 AND NOT (c == 3))'],
    ['* | where a.b="x" . 1', '*\n| where a . b == "x" . 1'],
    ['* | where \'a.b\' LIKE "x%"', '*\n| where like(\'a.b\', "x%")'],
    ['* | where a IN ("x", b)', '*\n| where in(a, "x", b)'],
    ['* | where a NOT IN ("x")', '*\n| where NOT in(a, "x")'],
    ['* | where match(a, "\\d+")', '*\n| where match(a, "\\\\d+")'],
    [
      '* | eval a=-b+-1*(2+3), c=if(ISNULL(d), 1, 2)',
      '*\n| eval a=-b + -1 * (2 + 3),\n    c=if(isnull(d), 1, 2)',
    ],
    [
      '* | stats c dc(a) as n, count(eval(b>1)) AS m by x y',
      '*\n| stats count, dc(a) as n, count(eval(b > 1)) as m by x, y',
    ],
    ['* | bucket span=5m _time', '*\n| bin _time span=5m'],
    ['* | sort - _time, +a limit=5', undefined],
    ['* | sort 0 -_time num(a)', '*\n| sort 0 -_time, num(a)'],
    ['* | fillnull x y', '*\n| fillnull value=0 x y'],
    ['* | rex field=a "(?<b>x)" max_match=0', '*\n| rex field=a max_match=0 "(?<b>x)"'],
    ['* | regex a!="x"', '*\n| regex a!="x"'],
    [
      '* | LOOKUP local=true t value AS "a.b{}" OUTPUTNEW value c, d as e',
      '*\n| lookup local=true t value as a.b{} OUTPUTNEW value, c, d as e',
    ],
    ['* | lookup t value', '*\n| lookup t value'],
    ['* | rename a.* as *, b AS "c d"', '*\n| rename a.* as *, b as "c d"'],
    ['* | fields - a, b', '*\n| fields - a, b'],
    ['* | `drop_it(a, "b")` | `filter`', '*\n| `drop_it(a, "b")`\n| `filter`'],
    [
      '| tstats `s` count min(_time) as t from datamodel=A.B where B.x="1" by B.y _time span=1h',
      '| tstats `s` count, min(_time) as t from datamodel=A.B where B.x="1" by B.y, _time span=1h',
    ],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(problemOf(text).message).toMatch(/expected/);
    else expect(formatted(text)).toBe(expected);
  });

  test('in the canonical text nothing changes any more', () => {
    const text = formatted(
      '`m` a=1 OR b=2 | where x>1 and (y<2 or z=3) | stats count by a | sort -count',
    );
    expect(formatted(text)).toBe(text);
  });
});

describe('what is refused, at its place', () => {
  test.each([
    ['a=1 [search b=2]', /second search/, '['],
    ['a=1 | join x [search b]', /"join" runs a second search/, 'join'],
    ['a=1 | lookup t', /expected/, ''],
    ['| inputlookup t', /"inputlookup" reads data/, 'inputlookup'],
    ['| makeresults', /"makeresults" is not part/, 'makeresults'],
    ['| stats count', /no search can begin with it/, 'stats'],
    ['a=1 | tstats count', /can only stand first/, 'tstats'],
    ['a=1 | table', /this was expected: field/, ''],
    ['a=1 | where', /expected: .*expression/, ''],
    ['a=1 | "x"', /this was expected: command/, '"'],
    ['a=1 | frobnicate', /"frobnicate" is not part/, 'frobnicate'],
    ['a=1 | where frob(x)', /"frob" is not part/, 'frob'],
    ['a=1 | where mtch(x, "y")', /Did you mean "match"/, 'mtch'],
    ['a=1 | where match(x)', /takes 2 arguments, not 1/, 'match(x)'],
    ['a=1 | stats cont by x', /"cont" is not part.*"count"/, 'cont'],
    ['a=1 | where x=', /expected/, ''],
    ['a="1 | head 5', /in quotes has no end/, '"1'],
    ['a=1 | where b="1\\\\\\"', /in quotes has no end/, '"1'],
    ['a=(1)', /expected/, '('],
    ['(a=1', /expected/, ''],
    ['a=1 |', /expected/, ''],
    ['', /expected/, ''],
  ])('%s', (text, message, at) => {
    const problem = problemOf(text);
    expect(problem.message).toMatch(message);
    expect(problem.at.startsWith(at)).toBe(true);
  });
});

describe('bounds', () => {
  test('200 nested parentheses are read within milliseconds', () => {
    const nested = (inner: string): string => '('.repeat(200) + inner + ')'.repeat(200);
    const start = performance.now();
    parse(`${nested('a=1')} | where ${nested('b=1')}`);
    expect(performance.now() - start).toBeLessThan(200);
  });

  test('deeper nesting and long chains are refused, not run into', () => {
    expect(problemOf('('.repeat(5000)).message).toMatch(/nest/);
    expect(problemOf(`${'NOT '.repeat(5000)}a=1`).message).toMatch(/200/);
    expect(problemOf(`* | where ${'not '.repeat(5000)}a=1`).message).toMatch(/200/);
    expect(problemOf(`* | where ${'-'.repeat(5000)}a=1`).message).toMatch(/200/);
    expect(problemOf(`* | where ${'1+'.repeat(5000)}1=1`).message).toMatch(/200/);
  });

  test('ten thousand alternatives are read and printed', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `a=${i}`).join(' OR ');
    expect(formatted(text).split('\n')).toHaveLength(10_000);
  });
});
