import fc from 'fast-check';
import { letters, words } from './alphabet.ts';
import type { BlockModel, ItemModel, LineModel, ValueModel } from './rule-model.ts';
import type { World } from './worlds.ts';

type Rest = Omit<ItemModel, 'field'>;
type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Rest> };
/** One value or several under some modifiers. */
type Tests = <Value extends ValueModel>(
  kind: fc.Arbitrary<readonly string[]>,
  value: fc.Arbitrary<Value>,
) => fc.Arbitrary<Rest>;

const dashed = fc.constantFrom(
  ' -a',
  '/x',
  '-a -b',
  ' \u2013e*',
  'a-b/c',
  '-?',
  'alpha',
  '\u2014-\u2015',
);

/** Texts that can be encoded: no wildcards, at least two bytes. */
const literal = fc
  .array(
    fc.constantFrom(...letters, ...words.filter((word) => !/[*?\\]/.test(word)), '\\*', '/', ' '),
    {
      minLength: 2,
      maxLength: 3,
    },
  )
  .map((of) => of.join(''));

const lists = ['builders', 'networks', 'shapes', 'names', 'ranges', 'forms'];
/** What later versions of Sigma added: encodings, lists and other fields. */
export function extraTests(tests: Tests, others: readonly string[]): readonly Weighted[] {
  const ends = [[], ['contains'], ['startswith'], ['endswith'], ['contains', 'cased']];
  return [
    {
      weight: 2,
      arbitrary: tests(fc.constantFrom(...ends.map((end) => ['windash', ...end])), dashed),
    },
    {
      weight: 1,
      arbitrary: tests(
        fc.constantFrom(
          ['base64'],
          ['base64', 'contains'],
          ['base64offset', 'contains'],
          ['wide', 'base64offset', 'contains'],
          ['wide', 'base64'],
          ['utf16le', 'base64', 'startswith'],
          ['utf16be', 'base64offset', 'contains', 'cased'],
          ['utf16', 'base64'],
        ),
        literal,
      ),
    },
    {
      weight: 3,
      arbitrary: tests(
        fc.constant(['expand']),
        fc.constantFrom(...lists.map((name) => `%${name}%`)),
      ),
    },
    {
      weight: 1,
      arbitrary: tests(
        fc.constantFrom(['expand', 'contains'], ['expand', 'cased'], ['endswith', 'expand']),
        fc.constantFrom('%builders%', 'x%names%', '%names%*%builders%'),
      ),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom(
            ['fieldref'],
            ['fieldref', 'startswith'],
            ['fieldref', 'endswith'],
            ['contains', 'fieldref'],
            ['fieldref', 'cased'],
            ['fieldref', 'neq'],
          ),
          fc.constantFrom(...others),
        )
        .map(([modifiers, value]): Rest => ({ modifiers, values: [value] })),
    },
  ];
}

const window = fc.constantFrom(
  '{ days: mon-fri, from: "08:00", to: "18:00", utcOffset: "+01:00" }',
  '{ days: [sat, sun] }',
  '{ from: "22:00", to: "06:00", utcOffset: "-08:00" }',
  '{ days: sun, from: "23:30", to: "00:30" }',
  'office',
);

/** A test of the event's own time. */
export function timeItem(tests: Tests, field: string): fc.Arbitrary<ItemModel> {
  const order = fc.constantFrom([], [], ['lt'], ['lte'], ['gt'], ['gte'], ['neq']);
  const parts: Readonly<Record<string, readonly [number, number]>> = {
    minute: [1, 58],
    hour: [1, 22],
    day: [2, 30],
    week: [2, 52],
    month: [2, 11],
    year: [1975, 2090],
  };
  const part = fc
    .constantFrom(...Object.entries(parts))
    .chain(([name, [min, max]]) =>
      fc
        .tuple(order, fc.integer({ min, max }))
        .map(([modifiers, value]): Rest => ({ modifiers: [name, ...modifiers], values: [value] })),
    );
  const within = tests(
    fc.constant(['within']),
    window.map((yaml): ValueModel => ({ yaml })),
  );
  return fc.oneof(part, within).map((rest) => ({ field, ...rest }));
}

/** Blocks over arrays of maps and arrays of texts. */
export function blocksOver(
  arrays: World['arrays'],
  test: fc.Arbitrary<Rest>,
): readonly fc.Arbitrary<BlockModel>[] {
  const item = (fields: readonly string[]): fc.Arbitrary<LineModel> =>
    fc
      .tuple(fc.constantFrom(...fields), test)
      .filter(([, { modifiers }]) => !modifiers.includes('fieldref'))
      .map(([field, rest]) => ({ field, ...rest }));
  const block = fc.constantFrom(
    'any' as const,
    'any' as const,
    'all' as const,
    'all_or_empty' as const,
    'none' as const,
  );
  const over = (field: string, fields: readonly string[]): fc.Arbitrary<BlockModel> =>
    fc.record({
      block,
      field: fc.constant(field),
      items: fc.array(item(fields), { minLength: 1, maxLength: 2 }),
    });
  return arrays.length === 0 ? [] : [fc.oneof(...arrays.map(([field, of]) => over(field, of)))];
}
