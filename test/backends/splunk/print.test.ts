import { describe, expect, test } from 'vitest';
import type { EvalExpr, SearchExpr, SplQuery } from '../../../backends/splunk/ast.ts';
import { call } from '../../../backends/splunk/eval-build.ts';
import { parse } from '../../../backends/splunk/parse.ts';
import { print } from '../../../backends/splunk/print.ts';

const search = (where: SearchExpr): SplQuery => ({ commands: [{ kind: 'search', where }] });
const is = (field: string, value = 'x'): SearchExpr => ({
  kind: 'compare',
  field,
  op: '=',
  value,
  cased: false,
});
const where = (expression: EvalExpr): string => {
  const query: SplQuery = {
    commands: [...search(is('a')).commands, { kind: 'where', where: expression }],
  };
  expect(parse(print(query))).toEqual(query);
  return print(query).split('| where ')[1]?.trimEnd() ?? '';
};
const field = (name: string): EvalExpr => ({ kind: 'field', name });

describe('a search', () => {
  test('has its scope on the first line and a condition a line', () => {
    const macro: SearchExpr = { kind: 'macro', name: 'm', args: undefined };
    const of = [macro, is('sourcetype', 'aws:cloudtrail'), is('a'), is('b')];
    expect(print(search({ kind: 'all', of }))).toBe(
      '`m` sourcetype="aws:cloudtrail"\n  a="x"\n  b="x"\n',
    );
  });

  test('has parentheses between AND and OR, which where reads the other way round', () => {
    const either: SearchExpr = { kind: 'any', of: [is('a'), is('b')] };
    const both: SearchExpr = { kind: 'all', of: [is('c'), is('d')] };
    expect(print(search({ kind: 'all', of: [either, is('e')] }))).toBe(
      '(a="x" OR b="x")\n  e="x"\n',
    );
    expect(print(search({ kind: 'any', of: [both, is('e')] }))).toBe(
      '(c="x" AND d="x") OR e="x"\n',
    );
    expect(print(search({ kind: 'not', of: either }))).toBe('NOT (a="x" OR b="x")\n');
  });

  test('quotes values, doubles backslashes and escapes quotes', () => {
    const value = 'C:\\a "b" NOT';
    const query = search(is('a', value));
    expect(print(query)).toBe('a="C:\\\\a \\"b\\" NOT"\n');
    expect(parse(print(query))).toEqual(query);
  });

  test('puts the values of a long list one a line', () => {
    const values = Array.from({ length: 12 }, (_, i) => `value-number-${i}`);
    const printed = print(search({ kind: 'in', field: 'a', values }));
    expect(printed.split('\n')).toHaveLength(14);
    expect(parse(printed)).toEqual(search({ kind: 'in', field: 'a', values }));
  });
});

describe('an eval expression', () => {
  test('has parentheses between AND, OR and XOR', () => {
    const [a, b, c] = [field('a'), field('b'), field('c')];
    expect(where({ kind: 'or', of: [{ kind: 'and', of: [a, b] }, c] })).toBe('(a AND b) OR c');
    expect(where({ kind: 'and', of: [{ kind: 'or', of: [a, b] }, c] })).toBe('(a OR b) AND c');
    expect(where({ kind: 'xor', of: [{ kind: 'or', of: [a, b] }, c] })).toBe('(a OR b) XOR c');
    expect(where({ kind: 'not', of: { kind: 'and', of: [a, b] } })).toBe('NOT (a AND b)');
  });

  test('keeps the grouping of arithmetic', () => {
    const sum = (op: '+' | '-' | '*' | '.', left: EvalExpr, right: EvalExpr): EvalExpr => ({
      kind: 'arithmetic',
      op,
      left,
      right,
    });
    const [a, b, c] = [field('a'), field('b'), field('c')];
    expect(where(sum('-', a, sum('-', b, c)))).toBe('a - (b - c)');
    expect(where(sum('-', sum('-', a, b), c))).toBe('a - b - c');
    expect(where(sum('*', sum('+', a, b), c))).toBe('(a + b) * c');
    expect(where(sum('.', a, sum('+', b, c)))).toBe('a . (b + c)');
    expect(where({ kind: 'negative', of: { kind: 'number', text: '5' } })).toBe('-(5)');
  });

  test('has fields in single quotes unless a bare dot or brace would be read otherwise', () => {
    expect(where(field('plain_1'))).toBe('plain_1');
    expect(where(field('a.b{}.c'))).toBe("'a.b{}.c'");
    expect(where(field('and'))).toBe("'and'");
    expect(where(field('1st'))).toBe("'1st'");
  });

  test('goes on further in within a call', () => {
    const name = 'a'.repeat(60);
    const of = [field(name), call('isnotnull', field(name))];
    const filter = call('mvfilter', { kind: 'and', of });
    expect(where({ kind: 'or', of: [call('mvcount', filter), field('b')] })).toBe(
      `mvcount(mvfilter(${name}\n        AND isnotnull(${name})))\n    OR b`,
    );
  });

  test('doubles the backslashes of a regular expression', () => {
    const args: readonly EvalExpr[] = [field('a'), { kind: 'string', text: '^c:\\\\temp\\d"' }];
    expect(where({ kind: 'call', name: 'match', args })).toBe(
      'match(a, "^c:\\\\\\\\temp\\\\d\\"")',
    );
  });
});
