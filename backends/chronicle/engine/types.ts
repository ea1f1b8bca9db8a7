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

/** Refuses a comparison that Google SecOps refuses to compile. */
export function checkComparison(
  node: Comparison,
  variables: ReadonlyMap<string, Expression>,
): void {
  const { left, right, nocase, operator } = node;
  const [a, b] = [typeOf(left, variables), typeOf(right, variables)];
  const fail = (why: string): never => {
    throw new QueryRunError(`${printExpression(node)}: ${why}`);
  };
  if (isLiteral(left) && isLiteral(right)) fail('one side has to be more than a literal.');
  if ((a === 'enum' || b === 'enum') && (nocase || right.kind === 'regex')) {
    fail('an enumerated value can neither be compared with "nocase" nor searched.');
  }
  if (right.kind === 'regex') {
    if (operator !== '=' && operator !== '!=')
      fail('a regular expression is compared with = or !=.');
    if (a === 'number' || a === 'boolean') fail('only strings can be searched.');
    return;
  }
  const ordered = operator !== '=' && operator !== '!=';
  if (ordered && (a === 'enum' || b === 'enum')) {
    fail("enumerated values are ordered by their numbers, which aren't at hand here.");
  }
  const [kindA, kindB] = [a, b].map((type) => (type === 'enum' ? 'string' : type));
  if (kindA !== kindB && kindA !== 'unknown' && kindB !== 'unknown') {
    fail(`a ${kindA} can't be compared with a ${kindB}.`);
  }
  if (ordered && (kindA === 'string' || kindA === 'boolean')) {
    fail('only numbers have an order here.');
  }
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
