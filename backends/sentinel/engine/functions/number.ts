import { refuse } from '../scope.ts';
import { isNumeric, order } from '../value.ts';
import { type Builder, type Functions, strict } from './define.ts';

/** Functions of numbers. */
export const numbers: Functions = {
  abs: same((n) => (n < 0 ? -n : n)),
  sign: strict(['number'], 'long', ([n]) => (Number(n) > 0 ? 1n : Number(n) < 0 ? -1n : 0n)),
  sqrt: real(Math.sqrt),
  exp: real(Math.exp),
  exp2: real((n) => 2 ** n),
  exp10: real((n) => 10 ** n),
  log: real((n) => (n > 0 ? Math.log(n) : null)),
  log2: real((n) => (n > 0 ? Math.log2(n) : null)),
  log10: real((n) => (n > 0 ? Math.log10(n) : null)),
  pow: strict(['real', 'real'], 'real', ([a, b]) => a ** b),
  sin: real(Math.sin),
  cos: real(Math.cos),
  tan: real(Math.tan),
  asin: real(Math.asin),
  acos: real(Math.acos),
  atan: real(Math.atan),
  atan2: strict(['real', 'real'], 'real', ([y, x]) => Math.atan2(y, x)),
  cot: real((n) => 1 / Math.tan(n)),
  degrees: real((n) => (n * 180) / Math.PI),
  radians: real((n) => (n * Math.PI) / 180),
  pi: () => ({ type: 'real', at: () => Math.PI, constant: Math.PI }),
  ceiling: strict(['number'], 'long', ([n]) => BigInt(Math.ceil(Number(n)))),
  round: strict(['number', 'long?'], 'real', ([n, digits]) =>
    round(Number(n), digits === undefined ? 0 : Number(digits)),
  ),
  isnan: strict(['real'], 'bool', ([n]) => Number.isNaN(n)),
  isinf: strict(['real'], 'bool', ([n]) => !Number.isNaN(n) && !Number.isFinite(n)),
  isfinite: strict(['real'], 'bool', ([n]) => Number.isFinite(n)),
  binary_and: bits((a, b) => a & b),
  binary_or: bits((a, b) => a | b),
  binary_xor: bits((a, b) => a ^ b),
  binary_shift_left: bits((a, b) => a << (b % 64n)),
  binary_shift_right: bits((a, b) => a >> (b % 64n)),
  binary_not: strict(['long'], 'long', ([n]) => ~(n as bigint)),
  bitset_count_ones: strict(['long'], 'long', ([n]) =>
    BigInt(BigInt.asUintN(64, n).toString(2).replaceAll('0', '').length),
  ),
  min_of: extreme((sign) => sign < 0),
  max_of: extreme((sign) => sign > 0),
};

function real(compute: (n: number) => number | null): Builder {
  return strict(['real'], 'real', ([n]) => compute(n));
}

function bits(compute: (a: bigint, b: bigint) => bigint): Builder {
  return strict(['long', 'long'], 'long', ([a, b]) => BigInt.asIntN(64, compute(a, b)));
}

function same(compute: (n: number) => number): Builder {
  return (call) => {
    const type = call.args[0]?.type ?? 'real';
    return strict([isNumeric(type) || type === 'timespan' ? 'any' : 'number'], type, ([n]) =>
      compute(n),
    )(call);
  };
}

function extreme(better: (sign: number) => boolean): Builder {
  return ({ args, name }) => {
    const [first] = args;
    if (first === undefined) return refuse(`${name}(…) needs arguments`);
    const type = args.every((arg) => arg.type === first.type) ? first.type : 'real';
    return {
      type,
      at: (cells, place) => {
        let best: unknown = null;
        for (const arg of args) {
          const raw = arg.at(cells, place);
          const value = type === 'real' && typeof raw === 'bigint' ? Number(raw) : raw;
          if (value !== null && (best === null || better(order(value, best)))) best = value;
        }
        return best;
      },
    };
  };
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
