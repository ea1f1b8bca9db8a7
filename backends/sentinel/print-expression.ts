import type { BinaryOperator, Expression, Pipeline } from './ast.ts';
import { binds, group, strength } from './precedence.ts';
import { printKey, printLiteral, printName } from './print-literal.ts';

/** What lines are kept to where they can be broken. */
export const width = 100;

/** How tightly a part of a chain has to bind to stand without brackets; mixed chains always have them. */
const within = { and: binds.equality, or: binds.equality } as const;

/** How expressions are written. */
export interface ExpressionPrinter {
  /** On one line, in brackets if it binds looser than its place allows. */
  printExpression(expression: Expression, atLeast?: number): string;
  /** On several lines where one would be too long; `column` is where it begins. */
  printWide(expression: Expression, column: number, indent: string): string;
}

/** Writes expressions, given who writes the queries within them. */
export function expressionPrinter(printInner: (pipeline: Pipeline) => string): ExpressionPrinter {
  function printExpression(expression: Expression, atLeast = 0): string {
    const text = write(expression);
    return strength(expression) < atLeast ? `(${text})` : text;
  }

  /**
   * An expression that may take several lines: where one line would be longer than 100 characters, a
   * chain of `and` or `or`, a sum that is compared, the list of an `in` and the arguments of a
   * call stand below each other.
   */
  function printWide(expression: Expression, column: number, indent: string): string {
    const text = write(expression);
    const inner = `${indent}    `;
    if (column + text.length <= width) return text;
    switch (expression.kind) {
      case 'and':
      case 'or': {
        const { kind } = expression;
        const parts = expression.of.map((part) => {
          const bracketed = strength(part) < within[kind];
          const wide = printWide(part, inner.length + kind.length + 2, inner);
          return bracketed ? `(${wide})` : wide;
        });
        return parts.join(`\n${inner}${kind} `);
      }
      case 'binary': {
        const terms = sumOf(expression.left);
        const compares = [binds.relational, binds.equality].some(
          (one) => one === strength(expression),
        );
        if (!compares || terms.length === 1) return text;
        const sum = terms.map((term) => printExpression(term, binds.additive + 1));
        return `${sum.join(`\n${inner}+ `)} ${expression.op} ${printExpression(expression.right, binds.additive)}`;
      }
      case 'in': {
        const items = expression.of.map((item) => `\n${inner}${printExpression(item)}`).join(',');
        return `${printExpression(expression.left, binds.relational)} ${expression.op} (${items}\n${indent})`;
      }
      case 'call': {
        const { name, args } = expression;
        const [only] = args;
        if (name === 'not' && args.length === 1 && only !== undefined)
          return `not(${printWide(only, column + 4, indent)})`;
        const lines = args.map((arg) => `\n${inner}${printWide(arg, inner.length, inner)}`);
        return `${name}(${lines.join(',')}\n${indent})`;
      }
      default:
        return text;
    }
  }

  function write(expression: Expression): string {
    switch (expression.kind) {
      case 'name':
        return printName(expression.name);
      case 'member':
        return `${printBase(expression.of)}${printKey(expression.key)}`;
      case 'index':
        return `${printBase(expression.of)}[${printExpression(expression.index)}]`;
      case 'call': {
        const query = queryIn(expression);
        if (query !== undefined) return `${expression.name}(${printInner(query)})`;
        return `${expression.name}(${expression.args.map((arg) => printExpression(arg)).join(', ')})`;
      }
      case 'negate':
        return `-${printExpression(expression.of, binds.access)}`;
      case 'binary':
        return writeBinary(expression.op, expression.left, expression.right);
      case 'and':
      case 'or': {
        const { kind } = expression;
        return expression.of.map((part) => printExpression(part, within[kind])).join(` ${kind} `);
      }
      case 'in': {
        const items = expression.of.map((item) => printExpression(item)).join(', ');
        return `${printExpression(expression.left, binds.relational)} ${expression.op} (${items})`;
      }
      case 'between': {
        const ends = [expression.from, expression.to].map((end) => printExpression(end));
        const op = expression.negated ? '!between' : 'between';
        return `${printExpression(expression.of, binds.relational)} ${op} (${ends.join(' .. ')})`;
      }
      case 'star':
        return '*';
      case 'typeof':
        return `typeof(${expression.type})`;
      case 'subquery':
        return `(${printInner(expression.of)})`;
      default:
        return printLiteral(expression);
    }
  }

  /** What is accessed; the dot behind a number would be taken for a decimal point. */
  function printBase(of: Expression): string {
    const text = printExpression(of, binds.access);
    return /^[0-9]/.test(text) ? `(${text})` : text;
  }

  function writeBinary(op: BinaryOperator, left: Expression, right: Expression): string {
    const own = binds[group(op)];
    // Sums and products group to the left; the others don't chain.
    const chains = own === binds.additive || own === binds.multiplicative;
    const leftText = printExpression(left, chains ? own : own + 1);
    return `${leftText} ${op} ${printExpression(right, own + 1)}`;
  }

  return { printExpression, printWide };
}

/** The query that a call is of: it needs no brackets of its own. */
export function queryIn(expression: Expression): Pipeline | undefined {
  if (expression.kind !== 'call' || !['materialize', 'toscalar'].includes(expression.name))
    return undefined;
  const [only] = expression.args;
  return only?.kind === 'subquery' ? only.of : undefined;
}

/** The terms of a sum, in order. */
function sumOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' && expression.op === '+'
    ? [...sumOf(expression.left), expression.right]
    : [expression];
}
