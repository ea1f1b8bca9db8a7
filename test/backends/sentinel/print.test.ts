import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  Expression,
  NamedExpression,
  Operator,
  Query,
} from '../../../backends/sentinel/ast.ts';
import { parse } from '../../../backends/sentinel/parse.ts';
import { print, printExpression } from '../../../backends/sentinel/print.ts';
import { printString } from '../../../backends/sentinel/print-literal.ts';

const name = (text: string): Expression => ({ kind: 'name', name: text });
const [a, b, c] = [name('a'), name('b'), name('c')];

describe('brackets stand where the form binds looser than its place', () => {
  test.for([
    [{ kind: 'or', of: [{ kind: 'and', of: [a, b] }, c] }, '(a and b) or c'],
    [{ kind: 'and', of: [{ kind: 'or', of: [a, b] }, c] }, '(a or b) and c'],
    [
      { kind: 'binary', op: '+', left: a, right: { kind: 'binary', op: '+', left: b, right: c } },
      'a + (b + c)',
    ],
    [
      { kind: 'binary', op: '-', left: { kind: 'binary', op: '-', left: a, right: b }, right: c },
      'a - b - c',
    ],
    [
      { kind: 'binary', op: '*', left: { kind: 'binary', op: '+', left: a, right: b }, right: c },
      '(a + b) * c',
    ],
    [
      {
        kind: 'binary',
        op: 'contains',
        left: { kind: 'binary', op: '+', left: a, right: b },
        right: c,
      },
      '(a + b) contains c',
    ],
    [
      { kind: 'binary', op: '==', left: { kind: 'binary', op: '==', left: a, right: b }, right: c },
      '(a == b) == c',
    ],
    [{ kind: 'in', op: 'in', left: { kind: 'and', of: [a, b] }, of: [c] }, '(a and b) in (c)'],
    [{ kind: 'negate', of: { kind: 'binary', op: '+', left: a, right: b } }, '-(a + b)'],
    [{ kind: 'member', of: { kind: 'negate', of: a }, key: 'k' }, '(-a).k'],
    [{ kind: 'member', of: a, key: 'odd \'"key' }, "a['odd \\'\"key']"],
    [{ kind: 'member', of: a, key: 'set' }, "a['set']"],
    [name('title'), "['title']"],
    [name('count'), 'count'],
  ] as const)('%s', ([expression, text]) => {
    expect(printExpression(expression)).toBe(text);
  });
});

describe('a string literal', () => {
  test.for([
    ['plain', '"plain"'],
    ['C:\\Users', '@"C:\\Users"'],
    ['ends\\', '"ends\\\\"'],
    ['quo"te\\', '"quo\\"te\\\\"'],
    ['new\nline', '"new\\nline"'],
    ['\u0000\u001b\u202e\u2028', '"\\u0000\\u001B\\u202E\\u2028"'],
    ['| delete // {{x}} `m` $t$', '"| delete // {{x}} `m` $t$"'],
    ['äÄ 😀', '"äÄ 😀"'],
  ] as const)('%s', ([value, text]) => {
    expect(printString(value)).toBe(text);
    const { of } = parse(`print ${text}`);
    expect(of.source).toEqual({
      kind: 'print',
      columns: [{ name: undefined, value: { kind: 'string', value } }],
    });
  });
});

test('lines break where one would be longer than 100 characters', () => {
  const long = name('a'.repeat(60));
  const predicate: Expression = { kind: 'or', of: [{ kind: 'and', of: [long, long] }, b] };
  const where: Operator = { kind: 'where', predicate };
  const query: Query = {
    kind: 'query',
    lets: [],
    of: { kind: 'pipeline', source: { kind: 'table', name: 'T' }, operators: [where] },
  };
  const column = 'a'.repeat(60);
  expect(print(query)).toBe(`T\n| where (${column}\n        and ${column})\n    or b\n`);
});

describe('what is printed reads back as the same query', () => {
  const names = fc.constantFrom('a', 'EventName', 'odd name', "it's", 'and', 'title', 'x1', '_y');
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('\\', '"', '\\"', '@"', '\n', '//', "'"),
  );
  const leaves: fc.Arbitrary<Expression> = fc.oneof(
    names.map(name),
    texts
      .filter((text) => !/\p{Cs}/u.test(text))
      .map((value): Expression => ({ kind: 'string', value })),
    fc.boolean().map((value): Expression => ({ kind: 'bool', value })),
    fc
      .bigInt({ min: 0n, max: 2n ** 63n - 1n })
      .map((value): Expression => ({ kind: 'long', value })),
    fc
      .double({ noNaN: true, min: -1e9, max: 1e9 })
      .map((value): Expression => ({ kind: 'real', value })),
    fc
      .bigInt({ min: -(10n ** 15n), max: 10n ** 15n })
      .map((ticks): Expression => ({ kind: 'timespan', ticks })),
    fc.constantFrom<Expression>(
      { kind: 'dynamic', value: [null, 1, 'x', { 'k"': true }] },
      { kind: 'int', value: null },
      { kind: 'long', value: -5n },
    ),
  );
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
    const sub = tie('expression');
    return {
      expression: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'kql' },
        leaves,
        fc.record({ kind: fc.constant('member' as const), of: sub, key: names }),
        fc.record({
          kind: fc.constant('index' as const),
          of: sub,
          index: sub.filter(({ kind }) => kind !== 'string'),
        }),
        fc.record({
          kind: fc.constant('call' as const),
          name: fc.constantFrom('f', 'not', 'tostring'),
          args: fc.array(sub, { maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('negate' as const), of: sub }),
        fc.record({
          kind: fc.constant('binary' as const),
          op: fc.constantFrom(
            '==',
            '!=',
            '<',
            '>=',
            '+',
            '-',
            '*',
            '/',
            '%',
            '=~',
            '!~',
            'contains',
            '!startswith_cs',
            'matches regex',
            'has',
          ),
          left: sub,
          right: sub,
        }),
        fc
          .tuple(
            fc.constantFrom('and' as const, 'or' as const),
            fc.array(sub, { minLength: 2, maxLength: 3 }),
          )
          .map(
            ([kind, of]): Expression => ({
              kind,
              of: of.flatMap((part) => (part.kind === kind ? part.of : [part])),
            }),
          ),
        fc.record({
          kind: fc.constant('in' as const),
          op: fc.constantFrom('in', '!in~', 'has_any'),
          left: sub,
          of: fc.array(sub, { minLength: 1, maxLength: 3 }),
        }),
        fc.record({
          kind: fc.constant('between' as const),
          negated: fc.boolean(),
          of: sub,
          from: sub,
          to: sub,
        }),
      ) as fc.Arbitrary<Expression>,
    };
  });
  const named: fc.Arbitrary<NamedExpression> = fc.record({
    name: fc.oneof(names, fc.constant(undefined)),
    value: expression,
  });
  const operators: fc.Arbitrary<Operator> = fc.oneof(
    fc.record({ kind: fc.constant('where' as const), predicate: expression }),
    fc.record({
      kind: fc.constantFrom('extend' as const, 'project' as const),
      columns: fc.array(named, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('summarize' as const),
      aggregates: fc.array(named, { minLength: 1, maxLength: 2 }),
      by: fc.array(named, { maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('take' as const),
      count: fc.constant<Expression>({ kind: 'long', value: 5n }),
    }),
  );
  const queries: fc.Arbitrary<Query> = fc.record({
    kind: fc.constant('query' as const),
    lets: fc.array(fc.record({ name: names, value: expression }), { maxLength: 2 }),
    of: fc.record({
      kind: fc.constant('pipeline' as const),
      source: fc.constant({ kind: 'table' as const, name: 'T' }),
      operators: fc.array(operators, { maxLength: 3 }),
    }),
  });

  test('random queries', () => {
    fc.assert(
      fc.property(queries, (query) => {
        expect(parse(print(query))).toEqual(query);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
