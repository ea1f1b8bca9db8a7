import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { readRules } from '../../src/rule/read.ts';
import type { Rule, Selection } from '../../src/rule/rule.ts';

function read(text: string): { rules: readonly Rule[]; codes: readonly string[] } {
  const found: Diagnostic[] = [];
  const rules = readRules({ path: 'a.yml', text }, (diagnostic) => found.push(diagnostic));
  return { rules, codes: found.map(({ code }) => code) };
}

const detection = 'logsource: { product: aws }\ndetection:\n  sel: { a: b }\n  condition: sel\n';

function selectionsOf(rule: Rule | undefined): readonly Selection[] {
  return rule?.kind === 'detection' ? rule.selections : [];
}

describe('a rule', () => {
  test('keeps what queries show', () => {
    const text = `title: T\nid: AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE\nlevel: high\ndate: 2026/01/02\ntags: [attack.t1578]\n${detection}siemc: { version: 1.0.0, entities: { account: actor } }\n`;
    const [rule] = read(text).rules;
    expect(rule).toMatchObject({
      title: 'T',
      id: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
      level: 'high',
      date: '2026-01-02',
      tags: ['attack.t1578'],
      logsource: { product: 'aws' },
      settings: { version: '1.0.0', entities: [{ name: 'account', field: 'actor' }], details: [] },
    });
  });

  test.each(['2026-13-01', '2026-00-01', '2026-01-32', '2026/1/02'])(
    'is of no day that no year has: %s',
    (date) => {
      expect(read(`title: T\ndate: ${date}\n${detection}`).codes).toEqual(['schema/bad-value']);
    },
  );

  test('keeps the order of its selections and items', () => {
    const [rule] = read(
      'title: T\nlogsource: { product: aws }\ndetection:\n  z: { b: 1, a: 2 }\n  y: { c: 3 }\n  condition: z or y\n',
    ).rules;
    expect(
      selectionsOf(rule).map(({ name, body }) => [
        name,
        body.kind === 'items' ? body.items.map(({ field }) => field) : [],
      ]),
    ).toEqual([
      ['z', ['b', 'a']],
      ['y', ['c']],
    ]);
  });

  test('reads a value as it is written', () => {
    const [rule] = read(
      "title: T\nlogsource: { product: aws }\ndetection:\n  sel: { a: [x, '5', 5, 5.50, 12345678901234567890, true, null, ~] }\n  condition: sel\n",
    ).rules;
    const body = selectionsOf(rule)[0]?.body;
    const [line] = body?.kind === 'items' ? body.items : [];
    const values = line?.kind === 'item' ? line.values : undefined;
    expect(values?.map((value) => [value.kind, 'text' in value ? value.text : null])).toEqual([
      ['string', 'x'],
      ['string', '5'],
      ['number', '5'],
      ['number', '5.5'],
      ['number', '12345678901234567890'],
      ['boolean', 'true'],
      ['null', null],
      ['null', null],
    ]);
  });
});

test('several documents are several rules; a bad one leaves the others', () => {
  const { rules, codes } = read(
    `title: A\n${detection}---\ntitle: B\nlogsource: { product: aws }\ndetection: {}\n---\ntitle: C\n${detection}`,
  );
  expect(rules.filter(({ broken }) => !broken).map(({ title }) => title)).toEqual(['A', 'C']);
  expect(codes.length).toBeGreaterThan(0);
});

test('a rule with a warning is still a rule', () => {
  const { rules, codes } = read(`title: A\nmine: 1\n${detection}`);
  expect([rules.length, codes]).toEqual([1, ['rule/unknown-key']]);
});

test.for(['', '# nothing\n', '---\n'])('%j holds no rule', (text) => {
  expect(read(text)).toEqual({ rules: [], codes: ['rule/empty-file'] });
});

test.for(['5', '[]', 'text', 'null: 1\n? [a]\n: b'])('%j is refused with words', (text) => {
  const { rules, codes } = read(text);
  expect(rules).toEqual([]);
  expect(codes.length).toBeGreaterThan(0);
});
