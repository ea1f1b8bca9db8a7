import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  Aggregate,
  Command,
  EvalExpr,
  SearchExpr,
  SplQuery,
} from '../../../backends/splunk/ast.ts';
import { parse } from '../../../backends/splunk/parse.ts';
import { print } from '../../../backends/splunk/print.ts';

const nasty = ['"', '\\', '*', '|', '[', ']', '(', ')', "'", '`', '$', '=', '!', '%', '{', '}'];
const words = [
  'AND',
  'OR',
  'NOT',
  'IN',
  'by',
  'as',
  'a',
  '.',
  ' ',
  '\n',
  '\t',
  ',',
  'é',
  '😀',
  '```',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...nasty, ...words), fc.string({ maxLength: 4 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const name = fc.oneof(
  fc.constantFrom('a', '_raw', 'user.name', 'items{}.id', 'by', 'and', 'a b', 'NOT', '1st', 'in'),
  text.filter((each) => each !== ''),
);
const identifier = fc.constantFrom('a', 'my_macro', 'x1');

/** Lists that stay as they are: at least two, none of the same kind as the whole. */
function joined<Kind extends string, Node extends { readonly kind: string }>(
  kinds: readonly Kind[],
  part: fc.Arbitrary<Node>,
): fc.Arbitrary<{ readonly kind: Kind; readonly of: readonly Node[] }> {
  return fc.constantFrom(...kinds).chain((kind) =>
    fc
      .array(
        part.filter((each) => each.kind !== kind),
        { minLength: 2, maxLength: 3 },
      )
      .map((of) => ({ kind, of })),
  );
}

const macro = fc.record({
  kind: fc.constant('macro' as const),
  name: identifier,
  args: fc.constantFrom(undefined, 'x', 'a, "b"', ''),
});

const { search } = fc.letrec<{ search: SearchExpr }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'search' },
    fc.record({
      kind: fc.constant('compare' as const),
      field: name,
      op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      value: fc.oneof(text, fc.constantFrom('*', '5', '-1.5')),
      cased: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('term' as const),
      text,
      as: fc.constantFrom('plain', 'case', 'term'),
    }),
    fc.record({
      kind: fc.constant('in' as const),
      field: name,
      values: fc.array(text, { minLength: 1, maxLength: 9 }),
    }),
    macro,
    fc.record({ kind: fc.constant('not' as const), of: tie('search') }),
    joined(['all', 'any'], tie('search')),
  ),
}));

const { condition } = fc.letrec<{ condition: EvalExpr }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'eval' },
    fc.record({ kind: fc.constant('field' as const), name }),
    fc.record({ kind: fc.constant('string' as const), text }),
    fc.record({
      kind: fc.constant('number' as const),
      text: fc.constantFrom('0', '-5', '1.25', '007'),
    }),
    macro,
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      left: tie('condition'),
      right: tie('condition'),
    }),
    fc.record({
      kind: fc.constant('arithmetic' as const),
      op: fc.constantFrom('+', '-', '*', '/', '%', '.'),
      left: tie('condition'),
      right: tie('condition'),
    }),
    fc.record({ kind: fc.constantFrom('not', 'negative'), of: tie('condition') }),
    fc
      .constantFrom(['isnull', 1], ['match', 2], ['if', 3], ['null', 0], ['like', 2])
      .chain(([called, count]) =>
        fc
          .array(tie('condition'), { minLength: Number(count), maxLength: Number(count) })
          .map((args) => ({ kind: 'call' as const, name: String(called), args })),
      ),
    joined(['and', 'or', 'xor'], tie('condition')),
  ),
}));

const names = fc.array(name, { minLength: 1, maxLength: 3 });
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const aggregate: fc.Arbitrary<Aggregate> = fc.record({
  name: fc.constantFrom('count', 'dc', 'values', 'perc95'),
  of: maybe(
    fc.oneof(
      fc.record({ kind: fc.constant('field' as const), name }),
      fc.record({ kind: fc.constant('eval' as const), expression: condition }),
    ),
  ),
  as: maybe(name),
});
const kind = <Kind extends string>(value: Kind): fc.Arbitrary<Kind> => fc.constant(value);
const count = fc.nat({ max: 20_000 });

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: kind('search'), where: search }),
  fc.record({ kind: kind('where'), where: condition }),
  fc.record({
    kind: kind('eval'),
    fields: fc.array(fc.record({ name, value: condition }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: kind('regex'), field: name, op: fc.constantFrom('=', '!='), pattern: text }),
  fc.record({
    kind: kind('rex'),
    field: name,
    pattern: text,
    options: fc.constantFrom([], [{ name: 'max_match', value: '0' }]),
  }),
  fc.record({ kind: kind('fields'), mode: fc.constantFrom('keep', 'remove'), fields: names }),
  fc.record({ kind: kind('table'), fields: names }),
  fc.record({
    kind: kind('rename'),
    fields: fc.array(fc.record({ from: name, to: name }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('head', 'tail'), count }),
  fc.record({ kind: kind('reverse') }),
  fc.record({
    kind: kind('sort'),
    count: maybe(count),
    by: fc.array(
      fc.record({
        field: name,
        descending: fc.boolean(),
        as: fc.constantFrom(undefined, 'auto', 'ip', 'num', 'str'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    kind: kind('dedup'),
    count: count.map((each) => each + 1),
    fields: names,
    options: fc.constantFrom([], [{ name: 'keepempty', value: 'true' }]),
  }),
  fc.record({
    kind: fc.constantFrom('stats', 'eventstats', 'streamstats'),
    options: fc.constant([]),
    aggregates: fc.array(aggregate, { minLength: 1, maxLength: 3 }),
    by: fc.array(name, { maxLength: 3 }),
  }),
  fc.record({
    kind: kind('bin'),
    field: name,
    options: fc.constantFrom([{ name: 'span', value: '5m' }]),
    as: maybe(name),
  }),
  fc.record({ kind: kind('fillnull'), value: text, fields: fc.array(name, { maxLength: 3 }) }),
  fc.record({ kind: kind('mvexpand'), field: name, limit: maybe(count) }),
  fc.record({ kind: kind('spath'), input: maybe(name), output: maybe(name), path: maybe(name) }),
  fc.record({
    kind: kind('lookup'),
    options: fc.constantFrom([], [{ name: 'local', value: 'true' }]),
    name,
    inputs: fc.array(fc.record({ field: name, as: name }), { minLength: 1, maxLength: 2 }),
    mode: kind('OUTPUTNEW'),
    outputs: fc.array(fc.record({ field: name, as: name }), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: kind('accum'), field: name, as: maybe(name) }),
  fc.record({ kind: kind('filldown'), fields: fc.array(name, { maxLength: 3 }) }),
  fc.record({ kind: kind('macro'), macro }),
);
/** Before the pipe of some commands stands a comment. */
const noted: fc.Arbitrary<Command> = fc
  .tuple(command, fc.constantFrom(undefined, 'a note', '| "x" \\ [by', "it's"))
  .map(([each, note]) => (note === undefined ? each : { ...each, note }));

const query: fc.Arbitrary<SplQuery> = fc
  .tuple(search, fc.array(noted, { maxLength: 4 }))
  .map(([where, rest]) => ({ commands: [{ kind: 'search', where }, ...rest] }));

test('what is printed reads back as the same query', () => {
  fc.assert(
    fc.property(query, (each) => {
      expect(parse(print(each))).toEqual(each);
    }),
    { numRuns: 3000 },
  );
});
