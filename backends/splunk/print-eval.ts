import type { EvalExpr } from './ast.ts';
import { evalField, quoted } from './names.ts';
import { printMacro } from './print-search.ts';

const width = 100;

/** How tightly operators bind, loosest first; the grammar's rules stand in the same order. */
const precedence = {
  xor: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  '.': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  negative: 9,
  primary: 10,
} as const;

/** The text of an eval expression, on several lines where one is too long. */
export function printEval(expression: EvalExpr, indent: number): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'xor': {
      const word = expression.kind.toUpperCase();
      const parts = expression.of.map((part) =>
        isChain(part) ? `(${printEval(part, indent + 2)})` : printEval(part, indent),
      );
      const line = parts.join(` ${word} `);
      if (!line.includes('\n') && indent + line.length <= width) return line;
      return parts.join(`\n${' '.repeat(indent)}${word} `);
    }
    case 'not':
      return `NOT ${within(expression.of, precedence.negative, indent)}`;
    case 'negative':
      return `-${expression.of.kind === 'number' ? `(${expression.of.text})` : within(expression.of, precedence.primary, indent)}`;
    case 'compare': {
      const { left, op, right } = expression;
      const tighter = precedence.compare + 1;
      return `${within(left, tighter, indent)} ${op} ${within(right, tighter, indent)}`;
    }
    case 'arithmetic': {
      const { left, op, right } = expression;
      const own = precedence[op];
      return `${arithmeticSide(left, op, own, indent)} ${op} ${arithmeticSide(right, op, own + 1, indent)}`;
    }
    case 'call':
      return `${expression.name}(${expression.args.map((part) => argument(part, indent)).join(', ')})`;
    case 'field':
      return evalField(expression.name);
    case 'string':
      return quoted(expression.text);
    case 'number':
      return expression.text;
    case 'macro':
      return printMacro(expression);
  }
}

/** A chain within a call goes on further in than one that the call is part of. */
function argument(expression: EvalExpr, indent: number): string {
  return printEval(expression, isChain(expression) ? indent + 4 : indent);
}

function isChain({ kind }: EvalExpr): boolean {
  return kind === 'and' || kind === 'or' || kind === 'xor';
}

/** Texts are joined and numbers added by operators that look alike: parentheses between them. */
function arithmeticSide(side: EvalExpr, op: string, least: number, indent: number): string {
  const mixed = side.kind === 'arithmetic' && (side.op === '.') !== (op === '.');
  return within(side, mixed ? precedence.primary : least, indent);
}

function within(expression: EvalExpr, least: number, indent: number): string {
  const text = printEval(expression, indent);
  return binding(expression) < least ? `(${text})` : text;
}

function binding(expression: EvalExpr): number {
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'xor':
    case 'not':
    case 'negative':
    case 'compare':
      return precedence[expression.kind];
    case 'arithmetic':
      return precedence[expression.op];
    case 'number':
      return expression.text.startsWith('-') ? precedence.negative : precedence.primary;
    case 'call':
    case 'field':
    case 'string':
    case 'macro':
      return precedence.primary;
  }
}
