import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/diagnostics/diagnostic.ts';
import { readYaml, type YamlDocument } from '../../src/yaml/read.ts';

function read(text: string): { documents: readonly YamlDocument[]; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const documents = readYaml({ path: 'a.yml', text }, (finding) => findings.push(finding));
  return { documents, findings };
}

function only(text: string): YamlDocument {
  const { documents, findings } = read(text);
  const [document] = documents;
  if (document === undefined || findings.length > 0) throw new Error(findings[0]?.message);
  return document;
}

test('words that YAML 1.1 takes for booleans are text', () => {
  expect(only('[yes, no, on, off, y, n, true, 012, 1_0, 2026-01-02]').value).toEqual([
    'yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    true,
    12,
    '1_0',
    '2026-01-02',
  ]);
});

test('a scalar keeps its text, its place and whether it is quoted', () => {
  const document = only("a: [0x1F, \"q\\\"u\", 'it''s', 12345678901234567890]");
  expect(
    [0, 1, 2, 3]
      .map((index) => document.scalarAt(['a', index]))
      .map((scalar) => [scalar?.text, scalar?.plain, scalar?.span]),
  ).toEqual([
    ['0x1F', true, { start: 4, end: 8 }],
    ['q"u', false, { start: 10, end: 16 }],
    ["it's", false, { start: 18, end: 25 }],
    ['12345678901234567890', true, { start: 27, end: 47 }],
  ]);
});

describe('a part of a scalar', () => {
  test('has its own place where the text stands as it is', () => {
    expect(only("a: 'xyz'").scalarAt(['a'])?.within(1, 2)).toEqual({ start: 5, end: 6 });
  });

  test('has the place of the whole where it does not', () => {
    expect(only('a: "x\\ny"').scalarAt(['a'])?.within(1, 2)).toEqual({ start: 3, end: 9 });
  });
});

test('a path that leads nowhere has the place of the nearest thing above it', () => {
  const document = only('a:\n  b: c\n');
  expect(document.spanOf(['a', 'x', 'y'])).toEqual(document.spanOf(['a']));
  expect(document.keySpanOf(['a', 'b'])).toEqual({ start: 5, end: 6 });
});

test('aliases and merges of several documents', () => {
  const { documents } = read('a: &x { b: 1 }\nc: *x\n---\nd: 2\n');
  expect(documents.map(({ value }) => value)).toEqual([{ a: { b: 1 }, c: { b: 1 } }, { d: 2 }]);
  expect(documents[0]?.scalarAt(['c', 'b'])?.text).toBe('1');
});

test('one broken document does not hide the others', () => {
  const { documents, findings } = read('a: [1\n---\nb: 2\n');
  expect(findings.map(({ code }) => code)).toContain('yaml/syntax');
  expect(documents.map(({ value }) => value)).toEqual([{ b: 2 }]);
});

describe('hostile files are refused', () => {
  test.for([
    ['nesting', '['.repeat(300) + ']'.repeat(300), 'yaml/too-deep'],
    ['nesting beyond the stack', '['.repeat(100_000) + ']'.repeat(100_000), 'yaml/too-deep'],
    [
      'aliases that multiply',
      'a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]',
      'yaml/syntax',
    ],
    ['an alias of itself', 'a: &a [*a]', 'yaml/syntax'],
  ])('%s', ([, text, code]) => {
    const { documents, findings } = read(text ?? '');
    expect(documents).toEqual([]);
    expect(new Set(findings.map((finding) => finding.code))).toEqual(new Set([code]));
  });
});

test('the key __proto__ is a key like others', () => {
  expect(Object.keys(only('__proto__: { a: 1 }').value ?? {})).toEqual(['__proto__']);
});
