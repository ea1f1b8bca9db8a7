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

const strings = [
  'eventName',
  'eventSource',
  'userAgent',
  'errorCode',
  'errorMessage',
  'awsRegion',
  'recipientAccountId',
  'userIdentity.type',
  'userIdentity.userName',
  'userIdentity.arn',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'requestParameters.imageId',
];
const booleans = [
  'readOnly',
  'managementEvent',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'requestParameters.disableApiTermination.value',
];
const open = [
  'requestParameters.size',
  'requestParameters.commandLine',
  'requestParameters.inner',
  'requestParameters.inner.key-with-hyphen',
  "requestParameters.it's",
  'responseElements.some key',
  'additionalEventData.note',
];
const many = [
  'requestParameters.things.items.name',
  'requestParameters.things.items.sub.items.id',
  'requestParameters.tags.items',
  'requestParameters.instancesSet.items.instanceId',
  'requestParameters.launchPermission.add.items.group',
  'resources.ARN',
];

/** Fields of every kind that the source has; what stands here often is drawn often. */
export const fields: readonly string[] = [
  ...strings,
  ...strings,
  ...booleans,
  'sourceIPAddress',
  'sourceIPAddress',
  'actor',
  'actor',
  ...open,
  ...many,
];

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
const test: fc.Arbitrary<Omit<ItemModel, 'field'>> = fc.oneof(
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
  ...extraTests(tests),
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
function fit(name: string, rest: Omit<ItemModel, 'field'>): ItemModel {
  const seed = rest.values.length + rest.modifiers.length + String(rest.values[0]).length;
  if (booleans.includes(name) && seed % 3 !== 0)
    return { field: name, modifiers: [], values: [seed % 2 === 0] };
  return { field: name, ...rest };
}

function bodyOf(names: readonly string[]): fc.Arbitrary<Body> {
  const item = fc.tuple(fc.constantFrom(...names), test).map(([name, rest]) => fit(name, rest));
  const line: fc.Arbitrary<LineModel> = fc.oneof(
    { weight: 24, arbitrary: item },
    { weight: 2, arbitrary: timeItem(tests) },
    { weight: 2, arbitrary: blocksOver(names, test) },
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

/** Rules of everything that a detection rule over CloudTrail can say of the given fields. */
export function rulesOver(names: readonly string[]): fc.Arbitrary<RuleModel> {
  return fc.record({
    selections: fc.array(bodyOf(names), { minLength: 1, maxLength: 4 }),
    condition,
    filter: fc.oneof(
      { weight: 7, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.record({ body: bodyOf(names), keeps: fc.nat(4).map((n) => n === 0) }),
      },
    ),
  });
}
