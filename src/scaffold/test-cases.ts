import { defaults, type RuleDraft } from './draft.ts';
import type { Facts } from './facts.ts';
import {
  another,
  endings,
  failures,
  inOtherCase,
  keyOf,
  others,
  untold,
  values,
  without,
} from './near-misses.ts';

/** A case of a new rule's test. */
export interface NewCase {
  readonly name: string;
  readonly expect: 'match' | 'none';
  readonly events: readonly NewEvent[];
}

/** An event of such a case, made of a sample. */
export interface NewEvent {
  readonly $sample: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
  readonly at?: string;
  readonly repeat?: number;
  readonly every?: string;
}

/** What else an event is than its sample. */
type Change = Omit<NewEvent, '$sample'>;

/** Cases that may be right for a rule; `samples` are the names of its records. */
export function casesOf(
  draft: RuleDraft,
  samples: readonly [string, ...string[]],
): readonly NewCase[] {
  const [first, then = first] = samples;
  switch (draft.kind) {
    case 'event':
      return eventCases(draft, first);
    case 'count':
      return countCases(draft, first);
    case 'sequence':
      return sequenceCases(draft, first, then);
  }
}

/** A record that differs from its sample in one thing: whether the rule still finds it. */
interface Variant {
  readonly name: string;
  readonly expect: NewCase['expect'];
  readonly change: Change;
}

/** One for each condition that a rule has of a record, and each way in which it could be wider or narrower. */
function variantsOf(draft: RuleDraft, facts: Facts): readonly Variant[] {
  const one = (name: string, expect: NewCase['expect'], change: Change): Variant => ({
    name,
    expect,
    change,
  });
  return [
    ...facts.asks.flatMap((ask) => {
      const key = keyOf(ask);
      return [
        ...inOtherCase(ask, facts).map((set) =>
          one(`whatever the case of ${key}`, 'match', { set }),
        ),
        ...values(ask, facts, () => [another(ask, facts.source)]).map((set) =>
          one(`another ${key}`, 'none', { set }),
        ),
        ...values(ask, facts, (text) => [`${text}Other`]).map((set) =>
          one(`the ${key} only begins like it`, 'none', { set }),
        ),
        ...(ask.end === undefined ? values(ask, facts, (text) => [`Other${text}`]) : []).map(
          (set) => one(`the ${key} only ends like it`, 'none', { set }),
        ),
        ...without(facts, [ask.field]).map((unset) => one(`no ${key}`, 'none', { unset })),
      ];
    }),
    ...endings(draft, facts).flatMap((ask) => [
      ...inOtherCase(ask, facts).map((set) =>
        one(`whatever the case of ${keyOf(ask)}`, 'match', { set }),
      ),
      ...values(ask, facts, (text) => [`${text}Other`]).map((set) =>
        one(`the ${keyOf(ask)} only begins like it`, 'none', { set }),
      ),
    ]),
    ...failures(draft, facts).map((set) => one('it failed', 'none', { set })),
    ...untold(draft, facts).map((unset) =>
      one('nothing says that it succeeded', 'none', { unset }),
    ),
  ];
}

function eventCases(draft: RuleDraft, $sample: string): readonly NewCase[] {
  const [facts] = draft.facts;
  const one = (name: string, expect: NewCase['expect'], change: Change): NewCase => ({
    name,
    expect,
    events: [{ $sample, ...change }],
  });
  return [
    one('what the rule is about', 'match', {}),
    one('at another time', 'match', { at: '+1d' }),
    ...others(draft, 1, facts).map((set) => one('whoever it is', 'match', { set })),
    ...variantsOf(draft, facts).map(({ name, expect, change }) => one(name, expect, change)),
  ];
}

function countCases(draft: RuleDraft, $sample: string): readonly NewCase[] {
  const { threshold, window } = defaults;
  const [facts] = draft.facts;
  const step = (window * 60) / (threshold - 1);
  const many = (name: string, expect: NewCase['expect'], change: Change = {}): NewCase => ({
    name,
    expect,
    events: [{ $sample, at: '+0s', repeat: threshold, every: '1m', ...change }],
  });
  const different = others(draft, threshold, facts);
  return [
    many('as many as it takes', 'match'),
    many('within exactly the window', 'match', { every: `${step}s` }),
    many('one too few', 'none', { repeat: threshold - 1 }),
    {
      name: 'the last a second too late',
      expect: 'none',
      events: [
        { $sample, at: '+0s', repeat: threshold - 1, every: '1m' },
        { $sample, at: `+${window * 60 + 1}s` },
      ],
    },
    ...variantsOf(draft, facts).map(({ name, expect, change }) =>
      many(`${name}, each time`, expect, change),
    ),
    ...(different.length < threshold
      ? []
      : [
          {
            name: 'everybody once',
            expect: 'none' as const,
            events: different.map((set, index) => ({ $sample, at: `+${index}m`, set })),
          },
        ]),
  ];
}

function sequenceCases(draft: RuleDraft, first: string, then: string): readonly NewCase[] {
  const [one, second = one] = draft.facts;
  const two = (
    name: string,
    expect: NewCase['expect'],
    at: string,
    change: Change = {},
    samples: readonly [string, string] = [first, then],
  ): NewCase => ({
    name,
    expect,
    events: [
      { $sample: samples[0], at: '+0s' },
      { $sample: samples[1], at, ...change },
    ],
  });
  return [
    two('the one, then the other', 'match', '+10m'),
    two('as far apart as the window', 'match', '+1h'),
    two('a second further apart', 'none', '+3601s'),
    two('the other way round', 'none', '+10m', {}, [then, first]),
    two('only the first', 'none', '+10m', {}, [first, first]),
    two('only the second', 'none', '+10m', {}, [then, then]),
    ...variantsOf(draft, one).map(({ name, expect, change }) => ({
      name: `at first: ${name}`,
      expect,
      events: [
        { $sample: first, at: '+0s', ...change },
        { $sample: then, at: '+10m' },
      ],
    })),
    ...variantsOf(draft, second).map(({ name, expect, change }) =>
      two(`then: ${name}`, expect, '+10m', change),
    ),
    ...others(draft, 1, second).map((set) =>
      two('somebody else does the second', 'none', '+10m', { set }),
    ),
  ];
}
