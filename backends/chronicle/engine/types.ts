import { QueryRunError } from '#backend';
import type { Comparison, Expression } from '../ast.ts';
import { printExpression } from '../print.ts';
import { plainPath, udmType } from '../udm.ts';
import { aggregations } from './aggregations.ts';
import { functions } from './functions.ts';

/** The type of an expression, as far as it is known before running. */
export type StaticType = 'string' | 'number' | 'boolean' | 'enum' | 'list' | 'unknown';

/** The type of an expression; `variables` are the expressions behind placeholders and outcomes. */
export function typeOf(
  node: Expression,
  variables: ReadonlyMap<string, Expression> = new Map(),
): StaticType {
  switch (node.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'list':
      return node.kind;
    case 'field':
      return fieldType(node);
    case 'quantified':
      return fieldType(node.of);
    case 'variable': {
      const value = variables.get(node.name);
      return value === undefined ? 'unknown' : typeOf(value, variables);
    }
    case 'arithmetic':
    case 'count':
      return 'number';
    case 'call':
      if (node.name === 'if' && node.arguments[1] !== undefined) {
        return typeOf(node.arguments[1], variables);
      }
      return functions.get(node.name)?.result ?? aggregations.get(node.name)?.result ?? 'unknown';
    case 'all':
    case 'any':
    case 'not':
    case 'comparison':
    case 'membership':
      return 'boolean';
    case 'regex':
    case 'reference-list':
      return 'unknown';
  }
}

/** Refuses a comparison that Google SecOps refuses to compile, or whose order isn't known here. */
export function checkComparison(
  node: Comparison,
  variables: ReadonlyMap<string, Expression>,
): void {
  const { left, right } = node;
  const [a, b] = [typeOf(left, variables), typeOf(right, variables)];
  const problem =
    isLiteral(left) && isLiteral(right)
      ? 'one side has to be more than a literal'
      : (enumProblem(node, a === 'enum' || b === 'enum') ??
        (right.kind === 'regex' ? searchProblem(node, a) : orderProblem(node, a, b)));
  if (problem !== undefined) throw new QueryRunError(`${printExpression(node)}: ${problem}.`);
}

function enumProblem({ right, nocase, operator }: Comparison, isEnum: boolean): string | undefined {
  if (!isEnum) return undefined;
  if (nocase || right.kind === 'regex') {
    return 'an enumerated value can neither be compared with "nocase" nor searched';
  }
  return isEquality(operator)
    ? undefined
    : "enumerated values are ordered by their numbers, which aren't at hand here";
}

function searchProblem({ operator }: Comparison, of: StaticType): string | undefined {
  if (!isEquality(operator)) return 'a regular expression is compared with = or !=';
  return of === 'number' || of === 'boolean' ? 'only strings can be searched' : undefined;
}

function orderProblem({ operator }: Comparison, a: StaticType, b: StaticType): string | undefined {
  const [kindA, kindB] = [a, b].map((type) => (type === 'enum' ? 'string' : type));
  if (kindA !== kindB && kindA !== 'unknown' && kindB !== 'unknown') {
    return `a ${kindA} can't be compared with a ${kindB}`;
  }
  const ordered = kindA !== 'string' && kindA !== 'boolean';
  return isEquality(operator) || ordered ? undefined : 'only numbers have an order here';
}

function isEquality(operator: Comparison['operator']): boolean {
  return operator === '=' || operator === '!=';
}

function isLiteral(node: Expression): boolean {
  return ['string', 'number', 'boolean', 'regex'].includes(node.kind);
}

function fieldType(node: Expression & { readonly kind: 'field' }): StaticType {
  if (node.path.at(-1)?.kind === 'key') return 'string';
  switch (udmType(plainPath(node.path))) {
    case 'int':
    case 'float':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'enum':
      return 'enum';
    case 'string':
      return 'string';
    case 'time':
      return 'unknown';
  }
}
