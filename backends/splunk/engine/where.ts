import type { EvalCompare, EvalExpr, Where } from '../ast.ts';
import type { Apply } from './apply.ts';
import { compileEval } from './eval.ts';
import { truth } from './evaluate.ts';
import type { Readings } from './readings.ts';
import { type Row, type Run, read } from './value.ts';

/** `where`: keeps the rows for which the condition is true (Search Reference, where). */
export function compileWhere({ where }: Where, readings: Readings): Apply {
  const value = compileEval(where, readings);
  const compares = comparesOf(where);
  return ({ rows, columns }, run) => {
    const kept = rows.filter((row) => truth(value(row, run)) === true);
    if (kept.length === 0) for (const compare of compares) explain(compare, rows, run);
    return { rows: kept, columns };
  };
}

/** Says what a comparison most likely lacks quotes around. */
function explain({ left, right }: EvalCompare, rows: readonly Row[], run: Run): void {
  const has = (name: string): boolean => rows.some((row) => read(row, name, run) !== undefined);
  if (right.kind === 'field' && rows.length > 0 && !has(right.name)) {
    run.assume(`No event has a field "${right.name}"; in where a text takes double quotes.`);
  }
  for (const side of [left, right]) {
    const dotted = side.kind === 'arithmetic' ? dottedName(side) : undefined;
    if (dotted === undefined || !has(dotted)) continue;
    run.assume(`In where a dot joins texts; the field "${dotted}" takes single quotes.`);
  }
}

/** The field that was meant where names are joined by dots. */
function dottedName(expression: EvalExpr): string | undefined {
  if (expression.kind === 'field') return expression.name;
  if (expression.kind !== 'arithmetic' || expression.op !== '.') return undefined;
  const [left, right] = [dottedName(expression.left), dottedName(expression.right)];
  return left === undefined || right === undefined ? undefined : `${left}.${right}`;
}

function comparesOf(expression: EvalExpr): readonly EvalCompare[] {
  switch (expression.kind) {
    case 'compare':
      return [expression];
    case 'and':
    case 'or':
    case 'xor':
      return expression.of.flatMap(comparesOf);
    case 'not':
      return comparesOf(expression.of);
    case 'negative':
    case 'arithmetic':
    case 'call':
    case 'field':
    case 'string':
    case 'number':
    case 'macro':
      return [];
  }
}
