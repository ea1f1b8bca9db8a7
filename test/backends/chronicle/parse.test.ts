import { describe, expect, test } from 'vitest';
import { QuerySyntaxError } from '#backend';
import type { Expression } from '../../../backends/chronicle/ast.ts';
import { parseRule as parse } from '../../../backends/chronicle/parse.ts';
import { printExpression } from '../../../backends/chronicle/print.ts';

/** A rule around the lines of its events section. */
const rule = (events: string, rest = 'condition: $e'): string =>
  `rule r { meta: events: ${events} ${rest} }`;

const events = (text: string): readonly Expression[] => parse(rule(text)).events;
const printed = (text: string): readonly string[] => events(text).map(printExpression);

describe('the parser', () => {
  test('reads every section in the order of the documentation', () => {
    const query = parse(`
      // a comment
      rule all_sections {
        meta:
          author = "me" /* a comment
          over two lines */
        events:
          $e1.principal.user.userid = $user
          $e2.principal.user.userid = $user
        match:
          $user over 1h after $e1
        outcome:
          $risk_score = max(if($e1.principal.port > 1024, 10) + 5)
        condition:
          $e1 and #e2 > 3 and !$e3
        options:
          allow_zero_values = true
          suppression_window = 5m
      }`);
    expect(query).toEqual({
      name: 'all_sections',
      meta: [{ key: 'author', value: 'me' }],
      events: expect.any(Array),
      match: {
        variables: ['user'],
        window: {
          kind: 'over',
          duration: { kind: 'duration', count: 1, unit: 'h' },
          pivot: { side: 'after', event: 'e1' },
        },
      },
      outcome: [{ name: 'risk_score', value: expect.any(Object) }],
      condition: expect.objectContaining({ kind: 'all' }),
      options: [
        { name: 'allow_zero_values', value: { kind: 'boolean', value: true } },
        { name: 'suppression_window', value: { kind: 'duration', count: 5, unit: 'm' } },
      ],
    });
  });

  test.for<[string, string, readonly string[]]>([
    ['not binds tighter than and', 'not $a and $b or $c', ['(!$a and $b) or $c']],
    ['and binds tighter than or', '$a or $b and $c', ['$a or ($b and $c)']],
    ['an explicit or groups before the implicit and', '$a or $b\n$c', ['$a or $b', '$c']],
    ['predicates side by side are all required', '$a $b and $c $d', ['$a', '$b', '$c', '$d']],
    [
      'the implicit and works in parentheses too',
      '($a or $b\n$c) or $d',
      ['(($a or $b) and $c) or $d'],
    ],
    [
      'keywords have no case',
      'NOT $a AND ANY $e.principal.ip = "x" NoCase',
      ['!$a', 'any $e.principal.ip = "x" nocase'],
    ],
    ['a product binds tighter than a sum', '1 + 2 * 3 = $a', ['1 + 2 * 3 = $a']],
    ['a slash after an operand divides', '$a / 2 = 1', ['$a / 2 = 1']],
    ['a slash after an operator begins a regex', '$a = /x\\/y/ nocase', ['$a = /x\\/y/ nocase']],
    [
      'lists are strings, regexes or networks',
      '$a in %l $a in regex %l nocase not $a in cidr %l',
      ['$a in %l', '$a in regex %l nocase', 'not $a in cidr %l'],
    ],
  ])('%s', ([, text, expected]) => {
    expect(printed(text)).toEqual(expected);
  });

  test('reads escapes in double quotes and nothing in backquotes', () => {
    const [predicate] = events('strings.concat("a\\t\\"\\\\b", `\\t"`, "x\\.y") = $a');
    expect(predicate).toMatchObject({
      left: { arguments: [{ value: 'a\t"\\b' }, { value: '\\t"' }, { value: 'x\\.y' }] },
    });
  });

  test('reads maps, indexes and sources in fields', () => {
    const [predicate] = events('$e.udm.about[1].labels["a\\"b"] = "x"');
    expect(predicate).toMatchObject({
      left: {
        event: 'e',
        path: [
          { name: 'udm' },
          { name: 'about' },
          { index: 1 },
          { name: 'labels' },
          { kind: 'key', key: 'a"b' },
        ],
      },
    });
  });

  test.for<[string, string, string]>([
    ['a missing condition', 'rule r { meta: events: $a }', '}'],
    ['sections in another order', 'rule r { events: $a meta: condition: $a }', 'events'],
    ['"conditions"', 'rule r { meta: events: $a conditions: $a }', 'conditions'],
    ['an empty events section', 'rule r { meta: events: condition: $e }', 'condition'],
    ['a keyword as a function', rule('nocase($a)'), 'nocase'],
    ['nocase alone', rule('$a nocase'), '$a'],
    ['a negative literal', rule('$e.principal.port > -1'), '-1'],
    ['a string over two lines', rule('$a = "x\ny"'), '"x'],
    ['a string without quotes', rule('$a = foo.*bar'), '.*bar'],
    ['text behind the rule', `${rule('$a')} x`, 'x'],
    ['a negative index', rule('$e.principal.ip[-1] = "x"'), '[-1'],
  ])('refuses %s at its place', ([, text, at]) => {
    let found: unknown;
    try {
      parse(text);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(QuerySyntaxError);
    if (!(found instanceof QuerySyntaxError)) return;
    expect(Math.abs(found.start - text.lastIndexOf(at))).toBeLessThanOrEqual(at.length + 1);
  });

  test('reads 200 nested parentheses fast and refuses 300', () => {
    const nested = (depth: number): string =>
      rule(`${'('.repeat(depth)}$a = "x"${')'.repeat(depth)}`);
    const begin = performance.now();
    expect(parse(nested(200)).events).toHaveLength(1);
    expect(performance.now() - begin).toBeLessThan(100);
    expect(() => parse(nested(300))).toThrow(QuerySyntaxError);
  });
});
