import { parseRegex } from '#backend';
import type { Expression } from './ast.ts';
import { isFunction, looksAtRows } from './engine/functions/registry.ts';

/** The functions whose first argument is a regular expression. */
const ofRegex: readonly string[] = ['extract', 'extract_all'];

/** What is wrong with an expression of a prelude, which computes something of one row. */
export function expressionProblem(expression: Expression): string | undefined {
  const own = ownProblem(expression);
  if (own !== undefined) return own;
  for (const part of partsOf(expression)) {
    const problem = expressionProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function ownProblem(expression: Expression): string | undefined {
  if (expression.kind === 'subquery')
    return 'The prelude asks another table: it looks at one row at a time.';
  if (expression.kind === 'binary')
    return expression.op === 'matches regex' ? regexProblem(expression.right) : undefined;
  if (expression.kind !== 'call') return undefined;
  const { name, args } = expression;
  if (looksAtRows(name))
    return `The function ${name}(…) looks at other rows: a prelude looks at one row at a time.`;
  // Its argument is a table, which is told.
  if (name !== 'toscalar' && !isFunction(name))
    return `The function ${name}(…) isn't supported in a prelude.`;
  return ofRegex.includes(name) ? regexProblem(args[0]) : undefined;
}

function regexProblem(regex: Expression | undefined): string | undefined {
  if (regex?.kind !== 'string') return undefined;
  const parsed = parseRegex(regex.value, undefined, 'rust');
  if (!('problem' in parsed)) return undefined;
  return `The regular expression "${regex.value}" of the prelude can't be used: ${parsed.problem}.`;
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
    case 'negate':
      return [expression.of];
    case 'index':
      return [expression.of, expression.index];
    case 'call':
      return expression.args;
    case 'binary':
      return [expression.left, expression.right];
    case 'and':
    case 'or':
      return expression.of;
    case 'in':
      return [expression.left, ...expression.of];
    case 'between':
      return [expression.of, expression.from, expression.to];
    case 'name':
    case 'star':
    case 'typeof':
    case 'subquery':
    case 'string':
    case 'bool':
    case 'long':
    case 'int':
    case 'real':
    case 'decimal':
    case 'datetime':
    case 'timespan':
    case 'guid':
    case 'dynamic':
      return [];
  }
}
