import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editsOf } from '../../src/diff/edits.ts';
import { groupEdits, linesWith, type QueryPair } from '../../src/diff/groups.ts';
import type { EditGroup, EditText, QueryEdit } from '../../src/diff/model.ts';
import { tokensOf } from '../../src/diff/tokens.ts';

const queries = ['splunk', 'sentinel', 'chronicle'].flatMap((target) =>
  readdirSync(join('dist-rules', target), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(spl|kql|yaral)$/.test(path))
    .sort()
    .slice(0, 40)
    .map((path) => readFileSync(join('dist-rules', target, path), 'utf8')),
);

const words = fc.constantFrom(
  'a',
  'b.c',
  'lower',
  '(',
  ')',
  ',',
  '"x y"',
  '=',
  '|',
  'and',
  '\n',
  '\n  ',
  ' ',
);
const text = fc.array(words, { maxLength: 24 }).map((some) => some.join(' '));

/** Small slips in a query: words that go, come or change, lines broken otherwise. */
const slips = fc.array(
  fc.record({
    at: fc.nat(10_000),
    kind: fc.constantFrom('drop', 'put', 'break', 'rename'),
    word: words,
  }),
  { maxLength: 6 },
);

function slipped(
  query: string,
  some: typeof slips extends fc.Arbitrary<infer S> ? S : never,
): string {
  const pieces = query.split(/(\s+)/);
  for (const { at, kind, word } of some) {
    const place = at % pieces.length;
    const piece = pieces[place] ?? '';
    // What isn't a plain word may be half of a text or a comment.
    const isWord = /^[\w.,()=|~]+$/.test(piece);
    if (kind === 'break') pieces[place] = /^\s+$/.test(piece) ? '\n      ' : piece;
    else if (kind === 'put') pieces[place] = `${piece} ${word} `;
    else if (isWord) pieces[place] = kind === 'drop' ? ' ' : `${piece}${word}`;
  }
  return pieces.join('');
}

/** The tokens of a text with what edits take and give, in no order. */
function applied(before: string, edits: readonly { readonly key: string }[]): readonly string[] {
  const tokens = tokensOf(before).map((token) => token.text);
  for (const { key } of edits) {
    const [removed = [], added = []] = JSON.parse(key) as readonly (readonly string[])[];
    for (const one of removed) {
      expect(tokens).toContain(one);
      tokens.splice(tokens.indexOf(one), 1);
    }
    tokens.push(...added);
  }
  return tokens.sort();
}

const textsOf = (query: string): readonly string[] =>
  tokensOf(query)
    .map((token) => token.text)
    .sort();

describe('edits', () => {
  test('together make the one query of the other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...queries), slips, (query, some) => {
        const after = slipped(query, some);
        const edits = editsOf(query, after);
        expect(edits.length === 0).toBe(query === after);
        expect(applied(query, edits)).toEqual(textsOf(after));
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applied(before, editsOf(before, after))).toEqual(textsOf(after));
      }),
      { numRuns: 1000 },
    );
  });

  test('tokens lose nothing but white space', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...queries), fc.string({ unit: 'grapheme' })),
        (query) => {
          const tokens = tokensOf(query);
          expect(
            tokens
              .map((token) => token.text)
              .join('')
              .replace(/\s/g, ''),
          ).toBe(query.replace(/\s/g, ''));
          for (const { text: own, start, end } of tokens) expect(query.slice(start, end)).toBe(own);
        },
      ),
    );
  });

  const pairs: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
    ['where A =~ "x"', 'where B =~ "x"', [['A', 'B']]],
    ['f(a.b)', 'f(a.c.b)', [['a.b', 'a.c.b']]],
    ['where A == 1', 'where tolower(A) == 1', [['A', 'tolower(A)']]],
    [
      'x = parse(A)',
      'x = tostring(B)',
      [
        ['parse', 'tostring'],
        ['A', 'B'],
      ],
    ],
    ['f(g(A))', 'f(B)', [['g(A)', 'B']]],
    ['T\n| where a\n| where b\n', 'T\n| where a\n| where c\n| where b\n', [['', '| where c']]],
    ['in ("a", "b")', 'in ("a", "b", "c")', [['', ', "c"']]],
    ['(a and b)', '(a and c and b)', [['', 'and c']]],
    ['a b', 'a\n  b', [['', '']]],
  ];
  test.each(pairs)('%j to %j', (before, after, wanted) => {
    const got = editsOf(before, after).map(({ removed, added }) => [removed, added]);
    expect(got).toEqual(wanted);
  });
});

/** Checks that a group has each edit of a query, or the query's lines do. */
function checkShown(
  { before = '', after = '', rule, destination }: QueryPair,
  edits: readonly QueryEdit[],
  groups: readonly EditGroup[],
): void {
  const texts = (some: readonly EditText[]): readonly object[] =>
    some.map(({ removed, added }) => ({ removed, added }));
  expect(texts(edits)).toEqual(texts(editsOf(before, after)));
  for (const { group, removed, added } of edits) {
    if (group === undefined) continue;
    expect(groups[group]).toMatchObject({ destination });
    expect(groups[group]?.rules).toContain(rule);
    expect(groups[group]?.edits.map(keyOfText)).toContain(keyOfText({ removed, added }));
  }
  const own = edits.filter(({ group }) => group === undefined);
  const shown = linesWith(before, after, own).join('\n');
  for (const { removed, added } of own) {
    expect(shown).toContain(added.split(' ')[0] ?? '');
    expect(shown).toContain(removed.split(' ')[0] ?? '');
  }
}

/** Without white space: that of the first query which has an edit is shown. */
function keyOfText({ removed, added }: EditText): string {
  return `${removed} > ${added}`.replace(/\s/g, '');
}

describe('groups', () => {
  test('every edit of every query is in a group or shown with the query, and every group is of several', () => {
    const many = fc.array(fc.tuple(fc.nat(queries.length - 1), fc.nat(3)), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(many, fc.array(slips, { minLength: 4, maxLength: 4 }), (chosen, kinds) => {
        const given = chosen.map(([place, kind], index): QueryPair => {
          const before = queries[place] ?? '';
          const rule = { id: undefined, title: `${index}`, path: `${index}.yml` };
          const after = slipped(before, kinds[kind] ?? []);
          return {
            rule,
            destination: index % 3 === 0 ? 'one' : 'other',
            language: 'x',
            before,
            after,
          };
        });
        const { queries: told, groups } = groupEdits(given);
        for (const [index, pair] of given.entries())
          checkShown(pair, told[index]?.edits ?? [], groups);
        for (const { rules, edits, example } of groups) {
          expect(rules.length).toBeGreaterThan(1);
          expect(edits.length).toBeGreaterThan(0);
          if (edits.some(({ removed, added }) => removed + added !== ''))
            expect(example.lines.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a new name of a field in many real queries is one group for each target', () => {
    const given = queries.flatMap((before, index): readonly QueryPair[] => {
      const after = before.replaceAll('SourceIpAddress', 'CallerIpAddress');
      const rule = { id: undefined, title: `${index}`, path: `${index}.yml` };
      return after === before ? [] : [{ rule, destination: 'x', language: 'kql', before, after }];
    });
    const { groups, queries: told } = groupEdits(given);
    expect(given.length).toBeGreaterThan(10);
    expect(groups.map(({ edits }) => edits)).toEqual([
      [{ removed: 'SourceIpAddress', added: 'CallerIpAddress' }],
    ]);
    expect(groups[0]?.rules).toHaveLength(given.length);
    expect(told.flatMap(({ edits }) => edits).every(({ group }) => group === 0)).toBe(true);
  });
});
