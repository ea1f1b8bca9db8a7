import fc from 'fast-check';
import type {
  Expression,
  Literal,
  Option,
  PathStep,
  Rule,
} from '../../../backends/chronicle/ast.ts';

const name = fc.constantFrom('e', 'ip', 'target', 'fields', 'x_1', 'Name');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '',
    '"',
    '\\',
    '`',
    '\n',
    '\t',
    '$e',
    '%l',
    '/',
    '//',
    '\\x41',
    'Ä',
    '*/',
    '\u0000',
  ),
);

const literal: fc.Arbitrary<Literal> = fc.oneof(
  text.map((value) => ({ kind: 'string' as const, value })),
  fc
    .constantFrom('0', '5', '007', '1.50')
    .map((value) => ({ kind: 'number' as const, text: value })),
  fc.boolean().map((value) => ({ kind: 'boolean' as const, value })),
);

const step: fc.Arbitrary<PathStep> = fc.oneof(
  name.map((value) => ({ kind: 'name' as const, name: value })),
  fc.nat(9).map((index) => ({ kind: 'index' as const, index })),
  text.map((key) => ({ kind: 'key' as const, key })),
);

const field = fc
  .tuple(name, name, fc.array(step, { maxLength: 3 }))
  .map(([event, first, rest]) => ({
    kind: 'field' as const,
    event,
    path: [{ kind: 'name' as const, name: first }, ...rest],
  }));

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  literal,
  field,
  fc
    .tuple(fc.constantFrom('any' as const, 'all' as const), field)
    .map(([quantifier, of]) => ({ kind: 'quantified' as const, quantifier, of })),
  name.map((value) => ({ kind: 'variable' as const, name: value })),
  name.map((value) => ({ kind: 'count' as const, name: value })),
  fc
    .constantFrom('list', 'table.column')
    .map((value) => ({ kind: 'reference-list' as const, name: value })),
  fc
    .constantFrom('a', '^a\\/b$', '\\*', '(?i)x|y')
    .map((value) => ({ kind: 'regex' as const, text: value })),
);

/** Expressions in canonical form: no `all` directly in an `all`, no `any` directly in an `any`. */
const expression: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => {
  const node = tie('node');
  const parts = (kind: string): fc.Arbitrary<readonly Expression[]> =>
    fc.array(
      node.filter((part) => part.kind !== kind),
      { minLength: 2, maxLength: 3 },
    );
  return {
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      parts('all').map((of) => ({ kind: 'all' as const, of })),
      parts('any').map((of) => ({ kind: 'any' as const, of })),
      node.map((of) => ({ kind: 'not' as const, of })),
      fc.record({
        kind: fc.constant('comparison' as const),
        operator: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>=' as const),
        left: node,
        right: node,
        nocase: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('arithmetic' as const),
        operator: fc.constantFrom(
          '+' as const,
          '-' as const,
          '*' as const,
          '/' as const,
          '%' as const,
        ),
        left: node,
        right: node,
      }),
      fc.record({
        kind: fc.constant('membership' as const),
        of: node,
        list: fc.constantFrom('list', 'table.column'),
        entries: fc.constantFrom('string' as const, 'regex' as const, 'cidr' as const),
        nocase: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('call' as const),
        name: fc.constantFrom('re.regex', 'strings.concat', 'if', 'max'),
        arguments: fc.array(node, { maxLength: 3 }),
        nocase: fc.boolean(),
      }),
      fc.array(node, { maxLength: 2 }).map((of) => ({ kind: 'list' as const, of })),
    ),
  };
}).node;

const duration = fc.record({
  kind: fc.constant('duration' as const),
  count: fc.integer({ min: 1, max: 99 }),
  unit: fc.constantFrom('s' as const, 'm' as const, 'h' as const, 'd' as const),
});

const option: fc.Arbitrary<Option> = fc.record({ name, value: fc.oneof(literal, duration) });

/** Rules in canonical form with every section. */
export const rule: fc.Arbitrary<Rule> = fc.record({
  name,
  meta: fc.array(fc.record({ key: name, value: text }), { maxLength: 2 }),
  events: fc.array(
    expression.filter((part) => part.kind !== 'all'),
    { minLength: 1, maxLength: 3 },
  ),
  match: fc.option(
    fc.record({
      variables: fc.array(name, { minLength: 1, maxLength: 2 }),
      window: fc.option(
        fc.record({
          kind: fc.constantFrom('over' as const, 'by' as const),
          duration,
          pivot: fc.option(
            fc.record({ side: fc.constantFrom('before' as const, 'after' as const), event: name }),
            { nil: undefined },
          ),
        }),
        { nil: undefined },
      ),
    }),
    { nil: undefined },
  ),
  outcome: fc.array(fc.record({ name, value: expression }), { maxLength: 2 }),
  condition: expression,
  options: fc.array(option, { maxLength: 2 }),
});
