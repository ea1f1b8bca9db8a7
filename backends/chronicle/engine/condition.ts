import { QueryRunError } from '#backend';
import type { Expression, Rule } from '../ast.ts';
import { compilePredicate, compileValue } from './evaluate.ts';
import type { Row, Scope } from './scope.ts';

/** The distinct events or values that an event variable or a placeholder stands for in a row. */
export interface Counter {
  exists(row: Row): boolean;
  count(row: Row): number;
}

/**
 * Compiles the condition section: `$e` and `#e` count events, `#placeholder` distinct values, other
 * variables are outcomes.
 */
export function compileCondition(
  rule: Rule,
  counterOf: (name: string) => Counter | undefined,
  outcomes: Scope,
): (row: Row) => boolean {
  const isOutcome = (name: string): boolean =>
    rule.outcome.some((outcome) => outcome.name === name);
  const countOf = (name: string): Counter => {
    const counter = counterOf(name);
    if (counter === undefined) throw new QueryRunError(`The condition counts the unknown #${name}`);
    return counter;
  };
  const predicate = (node: Expression): ((row: Row) => boolean) => {
    switch (node.kind) {
      case 'all':
      case 'any': {
        const parts = node.of.map(predicate);
        return node.kind === 'all'
          ? (row) => parts.every((part) => part(row))
          : (row) => parts.some((part) => part(row));
      }
      case 'not': {
        const part = predicate(node.of);
        return (row) => !part(row);
      }
      case 'variable': {
        if (isOutcome(node.name))
          throw new QueryRunError(`The outcome $${node.name} has to be compared`);
        const counter = countOf(node.name);
        return (row) => counter.exists(row);
      }
      case 'comparison': {
        const { left, right } = node;
        if (left.kind !== 'count' && right.kind !== 'count')
          return compilePredicate(node, outcomes);
        const [a, b] = [left, right].map((side) =>
          side.kind === 'count' ? countOf(side.name).count : compileValue(side, outcomes),
        );
        return (row) => compares(node.operator, Number(a?.(row)), Number(b?.(row)));
      }
      default:
        return compilePredicate(node, outcomes);
    }
  };
  return predicate(rule.condition);
}

function compares(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
