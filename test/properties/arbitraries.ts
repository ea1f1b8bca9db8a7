import fc from 'fast-check';
import { letters, nasty, words } from './alphabet.ts';
import { blocksOver, extraTests, timeItem } from './arbitrary-extras.ts';
import { regex } from './arbitrary-regex.ts';
import type {
  Body,
  ConditionModel,
  ItemModel,
  LineModel,
  RuleModel,
  ValueModel,
} from './rule-model.ts';
import { cloudTrail, type World } from './worlds.ts';

const piece: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words) },
  { weight: 3, arbitrary: fc.constantFrom(...letters) },
  { weight: 3, arbitrary: fc.constantFrom(...nasty) },
  { weight: 2, arbitrary: fc.constantFrom('*', '?', '\\*', '\\?', '\\\\', '\\') },
);

/** Text with whatever somebody may want to break. */
const text: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((of) => of.join('')),
  },
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom('', '*', '?', '\\', '**', '*?') },
);

const number: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -20, max: 2000 }),
  fc.integer({ min: -40, max: 400 }).map((quarters) => quarters / 4),
);

const plainValue: fc.Arbitrary<ValueModel> = fc.oneof(
  { weight: 10, arbitrary: text },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
);

const network: fc.Arbitrary<string> = fc.constantFrom(
  '10.0.0.0/8',
  '10.0.0.0/31',
  '192.0.2.7/32',
  '192.0.2.7',
  '0.0.0.0/0',
  '198.51.100.128/25',
  'fe80::/10',
  '2001:db8::/32',
  '2001:db8::1/128',
  '::/0',
  '::1',
);

/** Modifiers that go together, and the values that they take. */
const testsOf = (world: World): fc.Arbitrary<Omit<ItemModel, 'field'>> =>
  fc.oneof(
    { weight: 5, arbitrary: tests(fc.constant([]), plainValue) },
    {
      weight: 5,
      arbitrary: tests(fc.constantFrom(['contains'], ['startswith'], ['endswith']), text),
    },
    {
      weight: 1,
      arbitrary: tests(fc.constantFrom(['contains'], ['startswith'], ['endswith']), number),
    },
    {
      weight: 3,
      arbitrary: tests(
        fc.constantFrom(
          ['cased'],
          ['contains', 'cased'],
          ['startswith', 'cased'],
          ['cased', 'endswith'],
        ),
        text,
      ),
    },
    {
      weight: 5,
      arbitrary: tests(
        fc.constantFrom(
          ['re'],
          ['re'],
          ['re', 'i'],
          ['re', 'm'],
          ['re', 's'],
          ['re', 'i', 's'],
          ['re', 'startswith'],
          ['re', 'endswith'],
          ['re', 'contains'],
        ),
        regex,
      ),
    },
    { weight: 2, arbitrary: tests(fc.constant(['cidr']), network) },
    {
      weight: 2,
      arbitrary: fc.boolean().map((value) => ({ modifiers: ['exists'], values: [value] })),
    },
    { weight: 3, arbitrary: tests(fc.constantFrom(['lt'], ['lte'], ['gt'], ['gte']), number) },
    ...extraTests(tests, world.others),
  );

/** One value, several, or several that all have to hold; sometimes negated. */
function tests<Value extends ValueModel>(
  kind: fc.Arbitrary<readonly string[]>,
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<Omit<ItemModel, 'field'>> {
  return fc
    .record({
      kind,
      values: fc.oneof(
        { weight: 3, arbitrary: fc.array(value, { minLength: 1, maxLength: 1 }) },
        { weight: 2, arbitrary: fc.array(value, { minLength: 2, maxLength: 3 }) },
      ),
      all: fc.integer({ min: 0, max: 3 }),
      neq: fc.integer({ min: 0, max: 7 }),
    })
    .map(({ kind: modifiers, values, all, neq }) => ({
      modifiers: [
        ...modifiers,
        ...(all === 3 && values.length > 1 ? ['all'] : []),
        ...(neq === 7 ? ['neq'] : []),
      ],
      values,
    }));
}

/** A boolean field is mostly asked for true or false, an address for a network. */
function fit(name: string, rest: Omit<ItemModel, 'field'>, { booleans }: World): ItemModel {
  const seed = rest.values.length + rest.modifiers.length + String(rest.values[0]).length;
  if (booleans.includes(name) && seed % 3 !== 0)
    return { field: name, modifiers: [], values: [seed % 2 === 0] };
  return { field: name, ...rest };
}

function bodyOf(names: readonly string[], world: World): fc.Arbitrary<Body> {
  const test = testsOf(world);
  const item = fc
    .tuple(fc.constantFrom(...names), test)
    .map(([name, rest]) => fit(name, rest, world));
  const line: fc.Arbitrary<LineModel> = fc.oneof(
    { weight: 24, arbitrary: item },
    { weight: 2, arbitrary: timeItem(tests, world.time) },
    ...blocksOver(world.arrays, test).map((arbitrary) => ({ weight: 2, arbitrary })),
  );
  const items = fc.array(line, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 24, arbitrary: items.map((of): Body => ({ kind: 'map', items: of })) },
    {
      weight: 6,
      arbitrary: fc
        .array(items, { minLength: 1, maxLength: 3 })
        .map((of): Body => ({ kind: 'maps', of })),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('words' as const),
        all: fc.boolean(),
        of: fc.array(text, { minLength: 1, maxLength: 2 }),
      }),
    },
  );
}

const condition: fc.Arbitrary<ConditionModel> = fc.letrec<{ node: ConditionModel }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'condition' },
    { weight: 4, arbitrary: fc.nat(4).map((index): ConditionModel => ({ kind: 'name', index })) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('quantified' as const),
        quantifier: fc.constantFrom('1' as const, 'any' as const, 'all' as const),
        pattern: fc.constantFrom('them', 'sel_*', '*o*'),
      }),
    },
    { weight: 2, arbitrary: tie('node').map((of): ConditionModel => ({ kind: 'not', of })) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('node'), { minLength: 2, maxLength: 3, depthIdentifier: 'condition' }),
      }),
    },
  ),
})).node;

/** Rules of everything that a detection rule can say of the given fields of a log source. */
export function rulesOver(
  names: readonly string[],
  world: World = cloudTrail,
): fc.Arbitrary<RuleModel> {
  return fc.record({
    logSource: fc.constant({ product: world.product, service: world.service }),
    selections: fc.array(bodyOf(names, world), { minLength: 1, maxLength: 4 }),
    condition,
    filter: fc.oneof(
      { weight: 7, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.record({ body: bodyOf(names, world), keeps: fc.nat(4).map((n) => n === 0) }),
      },
    ),
  });
}
