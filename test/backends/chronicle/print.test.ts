import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventField, Expression } from '../../../backends/chronicle/ast.ts';
import { parseRule as parse } from '../../../backends/chronicle/parse.ts';
import { print, printExpression } from '../../../backends/chronicle/print.ts';
import { rule } from './random-rule.ts';

describe('the printer', () => {
  test('writes what the parser reads back, for any canonical rule', () => {
    fc.assert(
      fc.property(rule, (query) => {
        expect(parse(print(query))).toEqual(query);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  test('is a fixed point', () => {
    fc.assert(
      fc.property(rule, (query) => {
        const text = print(query);
        expect(print(parse(text))).toBe(text);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  const variable = (name: string): Expression => ({ kind: 'variable', name });
  const [a, b, c] = [variable('a'), variable('b'), variable('c')];

  const listed: EventField = { kind: 'field', event: 'e', path: [{ kind: 'name', name: 'ip' }] };
  const above = (left: Expression): Expression => ({
    kind: 'comparison',
    operator: '>',
    left,
    right: { kind: 'number', text: '5' },
    nocase: false,
  });

  test.for<[string, Expression, string]>([
    ['an or in an and', { kind: 'all', of: [{ kind: 'any', of: [a, b] }, c] }, '($a or $b) and $c'],
    ['an and in an or', { kind: 'any', of: [{ kind: 'all', of: [a, b] }, c] }, '($a and $b) or $c'],
    ['a negated or', { kind: 'not', of: { kind: 'any', of: [a, b] } }, 'not ($a or $b)'],
    ['an absent event', { kind: 'not', of: a }, '!$a'],
    ['a negated order', { kind: 'not', of: above(listed) }, 'not ($e.ip > 5)'],
    [
      'a negated test of a list',
      { kind: 'not', of: above({ kind: 'quantified', quantifier: 'any', of: listed }) },
      'not any $e.ip > 5',
    ],
    [
      'a difference of a difference',
      {
        kind: 'arithmetic',
        operator: '-',
        left: a,
        right: { kind: 'arithmetic', operator: '-', left: b, right: c },
      },
      '$a - ($b - $c)',
    ],
    [
      'a product of a sum',
      {
        kind: 'arithmetic',
        operator: '*',
        left: { kind: 'arithmetic', operator: '+', left: a, right: b },
        right: c,
      },
      '($a + $b) * $c',
    ],
  ])('puts parentheses around %s where they are needed', ([, node, text]) => {
    expect(printExpression(node)).toBe(text);
  });

  test('writes one predicate a line and breaks long ones at their operators', () => {
    const long = ['one', 'two', 'three'].map(
      (word): Expression => ({
        kind: 'comparison',
        operator: '=',
        left: {
          kind: 'field',
          event: 'e',
          path: [
            { kind: 'name', name: 'principal' },
            { kind: 'name', name: 'hostname' },
          ],
        },
        right: { kind: 'string', value: `${word} of some considerable length` },
        nocase: true,
      }),
    );
    const text = print({
      name: 'r',
      meta: [],
      events: [a, { kind: 'not', of: { kind: 'any', of: long } }],
      match: undefined,
      outcome: [],
      condition: a,
      options: [],
    });
    expect(text).toBe(`rule r {
  meta:

  events:
    $a
    not (
      $e.principal.hostname = "one of some considerable length" nocase or
      $e.principal.hostname = "two of some considerable length" nocase or
      $e.principal.hostname = "three of some considerable length" nocase
    )

  condition:
    $a
}
`);
  });
});
