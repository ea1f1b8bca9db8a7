import type { Bound } from '#backend';
import type { Comparison } from './ast.ts';

/** How YARA-L writes the orders of bounds. */
export const operators: Readonly<Record<Bound['order'], Comparison['operator']>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  eq: '=',
  neq: '!=',
};
