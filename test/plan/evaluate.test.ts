import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/plan/evaluate.ts';
import { readPlan } from '../support/read-plan.ts';

/** What a selection over CloudTrail says of records. */
function hits(selection: string, records: readonly object[]): readonly number[] {
  return evaluate(
    readPlan(
      `title: T\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s: ${selection}\n  condition: s\n`,
    ),
    records,
  ).map(({ event }) => event);
}

describe('the values of a field', () => {
  test('are those of every element of an array on its path', () => {
    const items = (names: readonly string[]): object => ({
      requestParameters: { x: { items: names.map((name) => ({ name })) } },
    });
    expect(
      hits('{ requestParameters.x.items.name: b }', [items(['a', 'b']), items([]), items(['ab'])]),
    ).toEqual([0]);
  });

  test('are none where the path breaks off', () => {
    const records = [
      {},
      { requestParameters: null },
      { requestParameters: 'text' },
      { requestParameters: { a: { b: 'x' } } },
    ];
    expect(hits('{ requestParameters.a: null }', records)).toEqual([0, 1, 2, 3]);
  });

  test('are texts: numbers in shortest form, booleans in words', () => {
    const records = [5, '5', 5.5, true, 'TRUE', '5.0'].map((a) => ({ requestParameters: { a } }));
    expect(hits('{ requestParameters.a: 5 }', records)).toEqual([0, 1]);
    expect(hits('{ requestParameters.a: true }', records)).toEqual([3, 4]);
    expect(hits("{ requestParameters.a|contains: '.' }", records)).toEqual([2, 5]);
  });

  test('do not come from prototypes', () => {
    expect(
      hits('{ requestParameters.constructor.name|exists: true }', [{ requestParameters: {} }]),
    ).toEqual([]);
  });
});

test('keywords search the compact JSON text', () => {
  expect(hits("['a\":1']", [{ x: { a: 1 } }, { x: { a: 2 } }])).toEqual([0]);
});

test('hits are given in the order of the records', () => {
  expect(hits('{ eventName: x }', [{ eventName: 'x' }, {}, { eventName: 'X' }])).toEqual([0, 2]);
});
