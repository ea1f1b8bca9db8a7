import { describe, expect, test } from 'vitest';
import type { Condition } from '../../src/condition/ast.ts';
import { parseCondition } from '../../src/condition/parse.ts';

/** A condition with all its parentheses. */
function show(node: Condition): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return `(${node.of.map(show).join(` ${node.kind} `)})`;
    case 'not':
      return `not ${show(node.of)}`;
    case 'selection':
      return node.name;
    case 'quantified':
      return `${node.quantifier} of ${node.pattern}`;
  }
}

function read(text: string): string {
  const parsed = parseCondition(text);
  return 'problem' in parsed
    ? `${parsed.code} ${parsed.span.start}-${parsed.span.end}`
    : show(parsed);
}

test.for([
  ['a', 'a'],
  ['a or b and c', '(a or (b and c))'],
  ['(a or b) and c', '((a or b) and c)'],
  ['not a and b', '(not a and b)'],
  ['not (a and b)', 'not (a and b)'],
  ['not not a', 'not not a'],
  ['a and b and c or d', '((a and b and c) or d)'],
  ['1 of sel_* and all of them', '(any of sel_* and all of *)'],
  ['any of a*b*', 'any of a*b*'],
  ['notable or order and android', '(notable or (order and android))'],
  ['1 or all', '(1 or all)'],
  ['themselves', 'themselves'],
  ['all of themselves', 'all of themselves'],
  ['a-b_1', 'a-b_1'],
  [' a\n  and\tb ', '(a and b)'],
])('%j reads as %s', ([text, tree]) => {
  expect(read(text ?? '')).toBe(tree);
});

test.for([
  ['', 'condition/syntax 0-1'],
  ['a and', 'condition/syntax 4-5'],
  ['a b', 'condition/syntax 2-3'],
  ['(a', 'condition/syntax 0-1'],
  ['a)', 'condition/syntax 1-2'],
  ['a AND b', 'condition/syntax 2-5'],
  ['a | count() > 5', 'condition/deprecated-pipe 2-15'],
])('%j is refused: %s', ([text, problem]) => {
  expect(read(text ?? '')).toBe(problem);
});

describe('deep nesting is refused before any recursion', () => {
  test.for([
    ['parentheses', `${'('.repeat(100_000)}a${')'.repeat(100_000)}`],
    ['a chain of "not"', `${'not '.repeat(100_000)}a`],
    ['"not" before each parenthesis', `${'not ('.repeat(100_000)}a${')'.repeat(100_000)}`],
  ])('%s', ([, text]) => {
    expect(parseCondition(text ?? '')).toMatchObject({ code: 'condition/too-deep' });
  });
});

test('precedence takes linear time', () => {
  const start = performance.now();
  expect(read(`${'('.repeat(150)}a${')'.repeat(150)}`)).toBe('a');
  expect(parseCondition(Array.from({ length: 20_000 }, () => 'a').join(' and '))).toMatchObject({
    kind: 'and',
  });
  expect(performance.now() - start).toBeLessThan(2000);
});
