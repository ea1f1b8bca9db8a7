import type { BinaryOperator, Expression } from './ast.ts';

/** How tightly each form binds; mirrors the order of the grammar's rules. */
export const binds = {
  or: 1,
  and: 2,
  equality: 3,
  relational: 4,
  additive: 5,
  multiplicative: 6,
  string: 7,
  unary: 8,
  access: 9,
} as const;

/** How tightly an expression binds as a whole. */
export function strength(expression: Expression): number {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return binds[expression.kind];
    case 'in':
    case 'between':
      return binds.equality;
    case 'binary':
      return binds[group(expression.op)];
    case 'negate':
      return binds.unary;
    default:
      return binds.access;
  }
}

/** The row of the table that an operator is in. */
export function group(op: BinaryOperator): Exclude<keyof typeof binds, 'and' | 'or'> {
  if (op === '==' || op === '!=') return 'equality';
  if (op === '<' || op === '<=' || op === '>' || op === '>=') return 'relational';
  if (op === '+' || op === '-') return 'additive';
  return op === '*' || op === '/' || op === '%' ? 'multiplicative' : 'string';
}
