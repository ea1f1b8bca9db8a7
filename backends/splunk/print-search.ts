import type { Macro, SearchCompare, SearchExpr } from './ast.ts';
import { quoted, searchField } from './names.ts';

const width = 100;

/**
 * The text of a search expression. `search` binds OR before AND and `where` the other way round: mixed
 * operators always stand in parentheses, so that a reader needn't know.
 */
export function printSearch(expression: SearchExpr, indent: number): string {
  if (expression.kind !== 'all') return write(expression, indent);
  const parts = expression.of.map((part) => operand(part, indent));
  const line = parts.join(' ');
  return fits(line, indent) ? line : parts.join(`\n${' '.repeat(indent)}`);
}

/** The first command: where to look on the first line, then one condition a line. */
export function printFirstSearch(expression: SearchExpr): string {
  const of = expression.kind === 'all' ? expression.of : [expression];
  const conditions = of.findIndex((part) => !isScope(part));
  const scope = of.slice(0, Math.max(1, conditions === -1 ? of.length : conditions));
  const alone = of.length === 1;
  const print = (part: SearchExpr): string => (alone ? write(part, 2) : operand(part, 2));
  return [scope.map(print).join(' '), ...of.slice(scope.length).map(print)].join('\n  ');
}

/** A macro in its backquotes. */
export function printMacro({ name, args }: Macro): string {
  return args === undefined ? `\`${name}\`` : `\`${name}(${args})\``;
}

function isScope(expression: SearchExpr): boolean {
  if (expression.kind === 'macro') return true;
  return expression.kind === 'compare' && ['index', 'sourcetype'].includes(expression.field);
}

function write(expression: SearchExpr, indent: number): string {
  switch (expression.kind) {
    case 'all':
    case 'any': {
      const word = expression.kind === 'all' ? 'AND' : 'OR';
      const parts = expression.of.map((part) => operand(part, indent + 2));
      const line = parts.join(` ${word} `);
      return fits(line, indent) ? line : parts.join(`\n${' '.repeat(indent + 2)}${word} `);
    }
    case 'not':
      return `NOT ${operand(expression.of, indent)}`;
    case 'compare':
      return printCompare(expression);
    case 'in': {
      const values = expression.values.map(quoted);
      const field = searchField(expression.field);
      const line = `${field} IN (${values.join(', ')})`;
      if (fits(line, indent)) return line;
      const next = `\n${' '.repeat(indent + 2)}`;
      return `${field} IN (${next}${values.join(`,${next}`)})`;
    }
    case 'term':
      if (expression.text === '*' && expression.as === 'plain') return '*';
      if (expression.as === 'plain') return quoted(expression.text);
      return `${expression.as === 'case' ? 'CASE' : 'TERM'}(${quoted(expression.text)})`;
    case 'macro':
      return printMacro(expression);
  }
}

function printCompare({ field, op, value, cased }: SearchCompare): string {
  const ordering = op.startsWith('<') || op.startsWith('>');
  const bare = value === '*' || (ordering && /^-?[0-9]+(\.[0-9]+)?$/.test(value));
  const text = cased ? `CASE(${quoted(value)})` : bare ? value : quoted(value);
  return `${searchField(field)}${op}${text}`;
}

function operand(part: SearchExpr, indent: number): string {
  const compound = part.kind === 'all' || part.kind === 'any';
  return compound ? `(${write(part, indent)})` : write(part, indent);
}

function fits(line: string, indent: number): boolean {
  return !line.includes('\n') && indent + line.length <= width;
}
