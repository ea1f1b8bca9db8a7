import type { LogSource } from '../logsource/log-source.ts';
import { resolveField } from '../logsource/resolve.ts';
import { actorOf, defaults, type RuleDraft } from './draft.ts';
import { type Ask, type Facts, pathFor, pathsIn, textsIn } from './facts.ts';
import { operationOf, partsOf } from './operation-of.ts';

/** A case of a new rule's test. */
export interface NewCase {
  readonly name: string;
  readonly expect: 'match' | 'none';
  readonly each?: Readonly<Record<string, readonly unknown[]>>;
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

function eventCases(draft: RuleDraft, $sample: string): readonly NewCase[] {
  const [facts] = draft.facts;
  const { asks } = facts;
  const one = (name: string, expect: NewCase['expect'], change: Change): NewCase => ({
    name,
    expect,
    events: [{ $sample, ...change }],
  });
  return [
    one('what the rule is about', 'match', {}),
    one('at another time', 'match', { at: '+1d' }),
    ...asks.flatMap((ask) => inOtherCase(ask, facts, $sample)),
    ...others(draft, 1, facts).map((set) => one('whoever it is', 'match', { set })),
    ...asks.flatMap((ask) => {
      const key = keyOf(ask);
      return [
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
    ...failures(draft, facts).map((set) => one('it failed', 'none', { set })),
    ...untold(draft).map((unset) => one('nothing says that it succeeded', 'none', { unset })),
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
    many('too slowly', 'none', { every: `${step + 1}s` }),
    ...facts.asks.flatMap((ask) =>
      values(ask, facts, () => [another(ask, facts.source)]).map((set) =>
        many(`many of another ${keyOf(ask)}`, 'none', { set }),
      ),
    ),
    ...failures(draft, facts).map((set) => many('all of them failed', 'none', { set })),
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
  const [, second = draft.facts[0]] = draft.facts;
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
    ...second.asks.flatMap((ask) =>
      values(ask, second, () => [another(ask, second.source)]).map((set) =>
        two(`another ${keyOf(ask)} follows`, 'none', '+10m', { set }),
      ),
    ),
    ...failures(draft, second).map((set) => two('the second failed', 'none', '+10m', { set })),
    ...others(draft, 1, second).map((set) =>
      two('somebody else does the second', 'none', '+10m', { set }),
    ),
  ];
}

/** The last key of a field, or two where it says little by itself. */
function keyOf({ field }: Ask): string {
  const keys = field.split('.');
  return keys.at(-1) === 'value' ? keys.slice(-2).join('.') : (keys.at(-1) ?? field);
}

/** Sets a field of a record to each of some texts; nothing where it has no place of its own. */
function values(
  { field, value }: Ask,
  { event, source }: Facts,
  make: (text: string) => readonly unknown[],
): readonly Readonly<Record<string, unknown>>[] {
  const path = pathFor(event, field, source);
  return path === undefined ? [] : make(value).map((made) => ({ [path]: made }));
}

/** The same letters in upper and lower case. */
function inOtherCase(ask: Ask, facts: Facts, $sample: string): readonly NewCase[] {
  const path = pathFor(facts.event, ask.field, facts.source);
  const upper = ask.value.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const lower = ask.value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const forms = [...new Set([upper, lower])].filter((text) => text !== ask.value);
  if (path === undefined || forms.length === 0) return [];
  const name = `whatever the case of ${keyOf(ask)}`;
  return [{ name, expect: 'match', each: { [path]: forms }, events: [{ $sample }] }];
}

/** A value that tells of something else. */
function another({ field, value }: Ask, source: LogSource): unknown {
  const { type, values: only = [] } = resolveField(source, field) ?? {};
  if (type === 'boolean') return value !== 'true';
  if (type === 'number') return Number(value) + 1;
  return only.find((text) => text !== value) ?? 'SomethingElse';
}

/** Where the record holds some fields, all of it. */
function without(
  { event, source }: Facts,
  names: readonly string[],
): readonly (readonly string[])[] {
  const paths = names.flatMap((name) => pathsIn(event, name, source));
  return paths.length === 0 ? [] : [paths];
}

/** Makes what was done one that failed. */
function failures(
  { success }: RuleDraft,
  { event, source }: Facts,
): readonly Readonly<Record<string, unknown>>[] {
  const given = Object.entries(operationOf(source)?.operation.failedExample ?? {});
  const set = given.flatMap(([name, value]) => {
    const path = pathFor(event, name, source);
    return path === undefined ? [] : [[path, value] as const];
  });
  return success && set.length > 0 ? [Object.fromEntries(set)] : [];
}

/** Takes away what says that it succeeded. */
function untold({ success, facts: [facts] }: RuleDraft): readonly (readonly string[])[] {
  const { succeeded = {} } = operationOf(facts.source)?.operation ?? {};
  const names = Object.entries(succeeded).flatMap(([key, value]) =>
    value === null ? [] : [key.split('|', 1)[0] ?? key],
  );
  return success ? without(facts, names) : [];
}

/** Other people than the one of the record, so many. */
function others(
  draft: RuleDraft,
  count: number,
  { event, source, record }: Facts,
): readonly Readonly<Record<string, unknown>>[] {
  const identity = actorOf(draft);
  const parts = identity === undefined ? [] : partsOf(source, identity);
  const part = parts.find((name) => textsIn(record, name, source).length > 0);
  const path = part === undefined ? undefined : pathFor(event, part, source);
  if (path === undefined) return [];
  return Array.from({ length: count }, (_, index) => ({ [path]: `somebody-else-${index + 1}` }));
}
