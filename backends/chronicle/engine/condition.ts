import { QueryRunError } from '#backend';
import type { Expression, Rule } from '../ast.ts';
import { distinct } from './aggregations.ts';
import { compilePredicate, compileValue, type Row, type Scope } from './evaluate.ts';

/**
 * Compiles the condition of a rule over one event: `$e` and `#e` count the event, `#placeholder` the
 * distinct values of a placeholder, other variables are outcomes.
 */
export function compileCondition(
  rule: Rule,
  event: string,
  events: Scope,
  outcomes: Scope,
): (row: Row) => boolean {
  const countOf = (name: string): ((row: Row) => number) => {
    if (name === event) return () => 1;
    const value = events.variables.get(name);
    if (value === undefined) throw new QueryRunError(`The condition counts the unknown #${name}`);
    const evaluate = compileValue(value, events);
    return ({ copies }) =>
      distinct(copies.map((copy) => evaluate({ copy, copies, element: '' }))).length;
  };
  const isOutcome = (name: string): boolean =>
    rule.outcome.some((outcome) => outcome.name === name);
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
        const count = countOf(node.name);
        return (row) => count(row) > 0;
      }
      case 'comparison': {
        const { left, right } = node;
        if (left.kind !== 'count' && right.kind !== 'count')
          return compilePredicate(node, outcomes);
        const [a, b] = [left, right].map((side) =>
          side.kind === 'count' ? countOf(side.name) : compileValue(side, outcomes),
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
