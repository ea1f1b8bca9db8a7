import { expect, test } from 'vitest';
import { compares, numberOf } from '../../src/match/number.ts';

test.for<[string, number]>([
  ['0', 0],
  ['-1.50', -1.5],
  ['007', 7],
])('%s is a plain number', ([text, value]) => {
  expect(numberOf(text)).toBe(value);
});

test.for(['', ' 1', '1 ', '+1', '1.', '.5', '1e3', '0x10', '1_000', 'NaN', 'Infinity', '1\n', '١'])(
  '%j is no plain number',
  (text) => {
    expect(numberOf(text)).toBeUndefined();
  },
);

test('order is that of numbers, and what is no number stands in none', () => {
  const orders = ['lt', 'lte', 'gt', 'gte'] as const;
  expect(orders.map((order) => compares(order, '10', 9))).toEqual([false, false, true, true]);
  expect(orders.map((order) => compares(order, '9.0', 9))).toEqual([false, true, false, true]);
  expect(orders.map((order) => compares(order, 'nine', 9))).toEqual([false, false, false, false]);
});
