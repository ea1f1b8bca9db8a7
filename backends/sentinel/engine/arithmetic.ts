import type { ScalarType } from '../ast.ts';
import { divide } from '../ticks.ts';
import { refuse, type Typed } from './scope.ts';
import { isNumeric, isWhole } from './value.ts';

type Op = '+' | '-' | '*' | '/' | '%';
type Compute = (a: never, b: never) => unknown;

/** Sums and products; null where either side is null. */
export function arithmetic(op: Op, left: Typed, right: Typed): Typed {
  const { type, compute } = rule(op, left.type, right.type);
  return {
    type,
    at: (cells, place) => {
      const [a, b] = [left.at(cells, place), right.at(cells, place)];
      return a === null || b === null ? null : compute(a as never, b as never);
    },
  };
}

function rule(op: Op, left: ScalarType, right: ScalarType): { type: ScalarType; compute: Compute } {
  if (isWhole(left) && isWhole(right)) {
    return { type: left === 'int' && right === 'int' ? 'int' : 'long', compute: whole(op) };
  }
  if (isNumeric(left) && isNumeric(right)) {
    return {
      type: left === 'decimal' || right === 'decimal' ? 'decimal' : 'real',
      compute: real(op),
    };
  }
  const time = timed(op, left, right);
  if (time !== undefined) return time;
  return refuse(`"${op}" can't be applied to a ${left} and a ${right}`);
}

function whole(op: Op): (a: bigint, b: bigint) => unknown {
  switch (op) {
    case '+':
      return (a, b) => BigInt.asIntN(64, a + b);
    case '-':
      return (a, b) => BigInt.asIntN(64, a - b);
    case '*':
      return (a, b) => BigInt.asIntN(64, a * b);
    case '/':
      return (a, b) => (b === 0n ? null : a / b);
    case '%':
      return (a, b) => (b === 0n ? null : divide(a, b < 0n ? -b : b)[1]);
  }
}

function real(op: Op): (a: number | bigint, b: number | bigint) => unknown {
  switch (op) {
    case '+':
      return (a, b) => Number(a) + Number(b);
    case '-':
      return (a, b) => Number(a) - Number(b);
    case '*':
      return (a, b) => Number(a) * Number(b);
    case '/':
      return (a, b) => Number(a) / Number(b);
    case '%':
      return (a, b) => nonNegative(Number(a) % Number(b), Math.abs(Number(b)));
  }
}

/** The remainder is never negative. */
function nonNegative(rest: number, size: number): number {
  return rest < 0 ? rest + size : rest;
}

/** Dates and time spans: both are counted in ticks. */
function timed(
  op: Op,
  left: ScalarType,
  right: ScalarType,
): { type: ScalarType; compute: Compute } | undefined {
  const ticks = whole(op) as Compute;
  const key = `${left} ${op} ${right}`;
  if (key === 'datetime - datetime') return { type: 'timespan', compute: ticks };
  if (
    key === 'datetime + timespan' ||
    key === 'timespan + datetime' ||
    key === 'datetime - timespan'
  ) {
    return { type: 'datetime', compute: ticks };
  }
  if (
    key === 'timespan + timespan' ||
    key === 'timespan - timespan' ||
    key === 'timespan % timespan'
  ) {
    return { type: 'timespan', compute: ticks };
  }
  if (key === 'datetime % timespan') return { type: 'timespan', compute: ticks };
  if (key === 'timespan / timespan') {
    return { type: 'real', compute: (a: bigint, b: bigint) => Number(a) / Number(b) };
  }
  const scales = op === '*' || op === '/';
  if (scales && left === 'timespan' && isNumeric(right))
    return { type: 'timespan', compute: scale(op) };
  if (op === '*' && isNumeric(left) && right === 'timespan') {
    return { type: 'timespan', compute: (a: number, b: bigint) => scale('*')(b, a) };
  }
  return undefined;
}

function scale(op: '*' | '/'): (a: bigint, b: number | bigint) => bigint | null {
  return (a, b) => {
    if (typeof b === 'bigint') return op === '*' ? a * b : b === 0n ? null : a / b;
    const result = op === '*' ? Number(a) * b : Number(a) / b;
    return Number.isFinite(result) ? BigInt(Math.trunc(result)) : null;
  };
}
