import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observed } from '../../src/backend/publisher.ts';
import { exportTree } from '../../src/publish/export-tree.ts';

/** Writes each object under its name, as a publisher does that takes names as they are. */
const plain = { exported: ({ name, id }: Observed) => new Map([[name, id]]) };
const named = (...names: readonly string[]): readonly Observed[] =>
  names.map((name, index) => ({
    key: undefined,
    kind: 'rule',
    name,
    id: String(index),
    projection: {},
    claims: [],
  }));
const pathsOf = (...names: readonly string[]): readonly string[] => [
  ...exportTree(plain, named(...names)).keys(),
];

describe('what is exported', () => {
  test.for([
    ['a rule.json', 'a rule.json'],
    ['rules/a.json', 'rules/a.json'],
    ['../../up.json', '_/_/up.json'],
    ['/etc/passwd', '_/etc/passwd'],
    ['C:\\up.json', 'C__up.json'],
    ['.hidden', '_hidden'],
    ['a\u0000b\n.json', 'a_b_.json'],
    ['con.json', '_con.json'],
    ['', '_'],
    [`${'é'.repeat(300)}.json`, `${'é'.repeat(97)}.json`],
  ])('goes below its folder: %j', ([name = '', path = '']) => {
    expect(pathsOf(name)).toEqual([path]);
  });

  test('has a file each, also where the case of letters makes no difference', () => {
    expect(pathsOf('a.json', 'A.json', 'a/b.json', 'a.json')).toEqual([
      'A.json',
      'a-2.json',
      'a-3.json',
      'a/b.json',
    ]);
  });

  test('is never lost, and never written elsewhere', () => {
    const step = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'A', 'con', '\\', 'a.b'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const name = fc.array(step, { maxLength: 4 }).map((steps) => steps.join('/'));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const paths = pathsOf(...names);
        expect(paths.length).toBe(names.length);
        const folded = paths.map((path) => path.toLowerCase());
        expect(new Set(folded).size).toBe(paths.length);
        for (const path of paths) {
          for (const one of path.split('/'))
            expect(one).toMatch(/^[^.\s/\\:*?"<>|][^/\\:*?"<>|]*$/);
          // No file stands where another needs a folder.
          expect(folded.some((other) => other.startsWith(`${path.toLowerCase()}/`))).toBe(false);
        }
      }),
    );
  });
});
