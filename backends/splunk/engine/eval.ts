import { QueryRunError } from '#backend';
import type { EvalCompare, EvalExpr } from '../ast.ts';
import { type Evaluate, finite, numberOf, truth } from './evaluate.ts';
import { functions } from './functions.ts';
import type { Readings } from './readings.ts';
import {
  compareScalars,
  isMany,
  read,
  type Scalar,
  textOf,
  toNumber,
  type Value,
} from './value.ts';

/** Makes an eval expression ready to run: NULL is nothing, conditions are true, false or NULL. */
export function compileEval(expression: EvalExpr, readings: Readings): Evaluate {
  switch (expression.kind) {
    case 'and':
      return compileAnd(expression.of.map((part) => compileEval(part, readings)));
    case 'or':
      return compileOr(expression.of.map((part) => compileEval(part, readings)));
    case 'xor': {
      const parts = expression.of.map((part) => compileEval(part, readings));
      return (row, run) => {
        let odd = false;
        for (const part of parts) {
          const value = truth(part(row, run));
          if (value === undefined) return undefined;
          if (value) odd = !odd;
        }
        return odd;
      };
    }
    case 'not':
      return compileNot(compileEval(expression.of, readings), readings);
    case 'negative': {
      const of = compileEval(expression.of, readings);
      return (row, run) => {
        const value = numberOf(of(row, run));
        return value === undefined ? undefined : -value;
      };
    }
    case 'compare':
      return compileCompare(expression, readings);
    case 'arithmetic': {
      const left = compileEval(expression.left, readings);
      const right = compileEval(expression.right, readings);
      const { op } = expression;
      return (row, run) => arithmetic(op, left(row, run), right(row, run));
    }
    case 'call': {
      const make = functions[expression.name];
      if (make === undefined)
        throw new QueryRunError(`The function "${expression.name}" can't be run`);
      return make(expression.args, readings, compileEval);
    }
    case 'field': {
      const { name } = expression;
      return (row, run) => read(row, name, run);
    }
    case 'string': {
      const { text } = expression;
      return () => text;
    }
    case 'number': {
      const value = Number(expression.text);
      return () => value;
    }
    case 'macro':
      throw new QueryRunError(
        `The macro \`${expression.name}\` stands in an expression, and its definition is not known here`,
      );
  }
}

function compileAnd(parts: readonly Evaluate[]): Evaluate {
  return (row, run) => {
    let unknown = false;
    for (const part of parts) {
      const value = truth(part(row, run));
      if (value === false) return false;
      if (value === undefined) unknown = true;
    }
    return unknown ? undefined : true;
  };
}

function compileOr(parts: readonly Evaluate[]): Evaluate {
  return (row, run) => {
    let unknown = false;
    for (const part of parts) {
      const value = truth(part(row, run));
      if (value === true) return true;
      if (value === undefined) unknown = true;
    }
    return unknown ? undefined : false;
  };
}

function compileNot(of: Evaluate, readings: Readings): Evaluate {
  const ofNull = readings['not-null'] === 'true' ? true : undefined;
  return (row, run) => {
    const value = truth(of(row, run));
    if (value !== undefined) return !value;
    run.assume(
      ofNull === true
        ? 'NOT of a comparison with a missing field is true.'
        : 'NOT of a comparison with a missing field is NULL, and where drops the row.',
    );
    return ofNull;
  };
}

function compileCompare({ op, left, right }: EvalCompare, readings: Readings): Evaluate {
  const [a, b] = [compileEval(left, readings), compileEval(right, readings)];
  const noneEqual = op === '!=' && readings['where-not-equal-multivalue'] === 'none';
  return (row, run) => {
    const [x, y] = [a(row, run), b(row, run)];
    if (x === undefined || y === undefined) return undefined;
    const [xs, ys] = [scalars(x), scalars(y)];
    if (op === '!=' && (xs.length > 1 || ys.length > 1)) {
      run.assume(
        noneEqual
          ? 'In where, != holds for several values if none of them equals.'
          : 'In where, != holds for several values if one of them differs.',
      );
    }
    if (noneEqual) return !xs.some((p) => ys.some((q) => compareScalars(p, q) === 0));
    return xs.some((p) => ys.some((q) => ordered(op, compareScalars(p, q))));
  };
}

function ordered(op: EvalCompare['op'], order: number): boolean {
  switch (op) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function scalars(value: Exclude<Value, undefined>): readonly Scalar[] {
  if (typeof value === 'boolean') throw new QueryRunError('A Boolean can’t be compared');
  return isMany(value) ? value : [value];
}

function arithmetic(op: string, left: Value, right: Value): Value {
  if (left === undefined || right === undefined) return undefined;
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    throw new QueryRunError('A Boolean can’t be calculated with');
  }
  if (isMany(left) || isMany(right)) return undefined;
  if (op === '.') return textOf(left) + textOf(right);
  const [x, y] = [toNumber(left), toNumber(right)];
  if (x === undefined || y === undefined) {
    return op === '+' && x === undefined && y === undefined
      ? textOf(left) + textOf(right)
      : undefined;
  }
  return finite(calculate(op, x, y));
}

function calculate(op: string, x: number, y: number): number {
  if (op === '+') return x + y;
  if (op === '-') return x - y;
  if (op === '*') return x * y;
  return op === '/' ? x / y : x % y;
}
