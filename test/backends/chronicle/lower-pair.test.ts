import { describe, expect, test } from 'vitest';
import type { MappedPlace, Place, PlacePair, TargetEvent } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { type LoweredLeaf, loweredWhere } from './lowered-leaf.ts';
import { compiled, holds, sigma } from './support.ts';

interface End {
  readonly type: string;
  readonly path: string;
  readonly many?: boolean;
  readonly holds?: Place['holds'];
}

function mapped({ type, path, many = false, holds: what = 'anything' }: End): MappedPlace {
  return {
    field: { name: path, steps: [], type: 'string', many, uniform: false, same: [], never: [] },
    place: {
      path,
      type,
      keeps: 'all',
      holds: what,
      absent: undefined,
      values: undefined,
      stored: [],
    },
    rest: [],
  };
}

function pair(
  relation: PlacePair['relation'],
  cased: boolean,
  at: End = left,
  other: End = right,
): LoweredLeaf {
  const span = { start: 0, end: 0 };
  const ends = { at: mapped(at), other: mapped(other) };
  return loweredWhere({ kind: 'pair', ...ends, relation, cased, span });
}

const left: End = { type: 'string', path: 'principal.hostname' };
const right: End = { type: 'label', path: 'additional.fields["k"]' };
const many: End = { type: 'repeated', path: 'principal.user.group_identifiers', many: true };
const [a, b] = ['$e.principal.hostname', '$e.additional.fields["k"]'];
const [lowA, lowB] = [`strings.to_lower(${a})`, `strings.to_lower(${b})`];

describe('two fields', () => {
  test.for<[PlacePair['relation'], boolean, string, readonly string[]]>([
    ['equals', true, `${a} = ${b}`, []],
    ['equals', false, `${a} = ${b} nocase`, ['nocase-beyond-ascii']],
    ['contains', true, `strings.contains(${a}, ${b}) = true`, []],
    ['contains', false, `strings.contains(${lowA}, ${lowB}) = true`, ['to-lower-beyond-ascii']],
    ['endswith', true, `(${a} = ${b} or strings.ends_with(${a}, ${b}) = true)`, []],
    [
      'startswith',
      true,
      `(${a} = ${b} or strings.ends_with(strings.reverse(${a}), strings.reverse(${b})) = true)`,
      [],
    ],
    [
      'startswith',
      false,
      `(${lowA} = ${lowB} or strings.ends_with(strings.reverse(${lowA}), strings.reverse(${lowB})) = true)`,
      ['to-lower-beyond-ascii'],
    ],
  ])('%s, cased %s', ([relation, cased, expected, switches]) => {
    const found = pair(relation, cased);
    expect(found.text).toBe(expected);
    expect(found.switches).toEqual(switches);
    expect(chronicle.format(found.query ?? '')).toBe(found.query);
  });

  test.for<[string, PlacePair['relation'], End, End, string]>([
    ['of several values', 'equals', many, right, 'chronicle/pair-of-many'],
    ['with several values', 'contains', left, many, 'chronicle/pair-of-many'],
    [
      'of a time',
      'equals',
      { type: 'time', path: 'metadata.event_timestamp' },
      right,
      'chronicle/pair-type',
    ],
    [
      'of a number and a text',
      'equals',
      { type: 'int', path: 'target.port' },
      right,
      'chronicle/pair-type',
    ],
    [
      'of numbers',
      'equals',
      { type: 'int', path: 'target.port' },
      { type: 'int', path: 'principal.port' },
      '$e.target.port = $e.principal.port',
    ],
    [
      'of parts of numbers',
      'contains',
      { type: 'int', path: 'target.port' },
      { type: 'int', path: 'principal.port' },
      'chronicle/pair-type,chronicle/pair-type',
    ],
    [
      'of the only value in a list',
      'equals',
      { ...many, many: false },
      left,
      '$e.principal.user.group_identifiers[0] = $e.principal.hostname',
    ],
    [
      'of addresses and names',
      'equals',
      { type: 'string', path: 'principal.ip[0]', holds: 'addresses' },
      { ...left, holds: 'names' },
      'chronicle/never',
    ],
  ])('%s', ([, relation, at, other, expected]) => {
    expect(pair(relation, true, at, other).text).toBe(expected);
  });
});

describe('what they find', () => {
  const values = ['ab', 'AB', 'abc', 'cab', 'cabd', 'b', 'Ärger', 'ärger', 'x😀y', 'y'];
  const stands = {
    equals: (x: string, y: string) => x === y,
    startswith: (x: string, y: string) => x.startsWith(y),
    endswith: (x: string, y: string) => x.endsWith(y),
    contains: (x: string, y: string) => x.includes(y),
  };
  const cases = (['equals', 'startswith', 'endswith', 'contains'] as const).flatMap((relation) =>
    [true, false].map((cased) => [relation, cased] as const),
  );
  test.for(cases)('%s, cased %s', ([relation, cased]) => {
    const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));
    const events = pairs.map(
      ([x, y]): TargetEvent => ({ principal: { hostname: x }, additional: { fields: { k: y } } }),
    );
    const fold = (text: string): string => (cased ? text : text.toLowerCase());
    const expected = pairs.flatMap(([x, y], index) =>
      stands[relation](fold(x), fold(y)) ? [index] : [],
    );
    const { query = '', switches } = pair(relation, cased);
    for (const { name, values: readings } of chronicle.switches) {
      if (switches.includes(name)) continue;
      for (const value of readings) {
        const { hits } = chronicle.prepare(query)(events, { switches: { [name]: value } });
        expect(hits).toEqual(expected);
      }
    }
  });

  // The page of strings.ends_with.
  test.for<[string, boolean]>([
    ['strings.ends_with($e.principal.hostname, "com") = true', true],
    ['strings.ends_with($e.principal.hostname, "web") = true', false],
    ['strings.ends_with($e.principal.hostname, "") = true', false],
    ['strings.ends_with($e.target.hostname, "com") = true', false],
    ['strings.ends_with($e.principal.hostname, "web.com") = true', true],
  ])('%s is %s', ([predicate, expected]) => {
    expect(holds(predicate, { principal: { hostname: 'web.com' } })).toBe(expected);
  });

  test.for<[string, string, string, boolean]>([
    ['strings.ends_with($e.principal.hostname, "Ä") = true', 'ends-with-of-same', 'false', false],
    ['strings.to_lower($e.principal.hostname) = "ä"', 'to-lower-beyond-ascii', 'unicode', true],
    ['strings.to_lower($e.principal.hostname) = "ä"', 'to-lower-beyond-ascii', 'ascii', false],
  ])('%s under %s = %s is %s', ([predicate, name, value, expected]) => {
    expect(holds(predicate, { principal: { hostname: 'Ä' } }, { [name]: value })).toBe(expected);
  });
});

test('an absent field stands to no other', () => {
  const { query } = compiled(sigma('sel:\n  eventName|fieldref: userAgent\ncondition: not sel'));
  expect(query).toContain(`not (
      $e.metadata.product_event_type != "" and
      $e.metadata.product_event_type = $e.network.http.user_agent nocase
    )`);
});
