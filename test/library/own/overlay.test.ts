import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Content,
  clashes,
  mappingShape,
  overlay,
  type Shape,
  sourceShape,
} from '../../../src/library/own/overlay.ts';

const name = fc.constantFrom('a', 'b', 'c', '__proto__');
const text = fc.constantFrom('x', 'y');
const mapOf = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Readonly<Record<string, Value>>> =>
  fc.array(fc.tuple(name, value), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));
const optional = <T>(
  shape: {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  },
): fc.Arbitrary<Content> =>
  fc.record(shape, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Content>;

const field = fc.option(optional({ type: text, uniform: fc.boolean() }));
const source = optional({
  title: text,
  match: mapOf(text),
  fields: mapOf(field),
  aliases: mapOf(text),
  derived: mapOf(fc.record({ coalesce: fc.array(text) }, { noNullPrototype: true })),
  open: fc.uniqueArray(text),
});
const mapping = optional({
  parser: text,
  scope: mapOf(text),
  variants: fc.array(text),
  fields: mapOf(optional({ path: text, type: text })),
});
const kinds: readonly (readonly [string, Shape, fc.Arbitrary<Content>])[] = [
  ['log sources', sourceShape, source],
  ['mappings', mappingShape, mapping],
];

/** The same whatever the order of keys and of joined lists; a field of which nothing is said is an empty map. */
function plain(content: Content, { lists }: Shape): unknown {
  const fields = Object.entries(Object(content['fields'] ?? {})).map(([key, value]) => [
    key,
    value ?? {},
  ]);
  const joined = lists.map((key) => [key, [...((content[key] as string[]) ?? [])].sort()]);
  return { ...content, fields: Object.fromEntries(fields), ...Object.fromEntries(joined) };
}

for (const [kind, shape, content] of kinds) {
  test(`${kind}: extending with nothing changes nothing`, () => {
    fc.assert(
      fc.property(content, (one) => {
        expect(overlay(one, {}, shape)).toEqual(one);
        expect(overlay({}, one, shape)).toEqual(one);
        expect(overlay(one, one, shape)).toEqual(one);
      }),
    );
  });

  test(`${kind}: what is laid over holds, and what it doesn't name stays`, () => {
    fc.assert(
      fc.property(content, content, (base, over) => {
        const merged = overlay(base, over, shape);
        expect(clashes(merged, over, shape)).toEqual([]);
        const untouched = Object.keys(base).filter((key) => !Object.hasOwn(over, key));
        for (const key of untouched) expect(merged[key]).toEqual(base[key]);
      }),
    );
  });

  test(`${kind}: the order makes no difference unless two clash, and a clash is found from both sides`, () => {
    fc.assert(
      fc.property(content, content, (a, b) => {
        const found = clashes(a, b, shape);
        expect(clashes(b, a, shape)).toHaveLength(found.length);
        const same = [overlay(a, b, shape), overlay(b, a, shape)].map((one) => plain(one, shape));
        if (found.length === 0) expect(same[0]).toEqual(same[1]);
        else expect(same[0]).not.toEqual(same[1]);
      }),
    );
  });
}
