import { ofValues } from './arguments.ts';
import { finite, type MakeFunction, numberOf } from './evaluate.ts';
import { compareScalars, isMany, type Scalar, type Value } from './value.ts';

/** Mathematical functions (Search Reference, "Mathematical functions", "Statistical eval functions"). */
export const numberFunctions: Readonly<Record<string, MakeFunction>> = {
  abs: ofNumbers(([x]) => Math.abs(x)),
  ceiling: ofNumbers(([x]) => Math.ceil(x)),
  exp: ofNumbers(([x]) => Math.exp(x)),
  floor: ofNumbers(([x]) => Math.floor(x)),
  ln: ofNumbers(([x]) => Math.log(x)),
  log: ofNumbers(([x, base = 10]) => Math.log(x) / Math.log(base)),
  pow: ofNumbers(([x, y = 1]) => x ** y),
  round: ofNumbers(([x, digits = 0]) => roundTo(x, digits)),
  sqrt: ofNumbers(([x]) => Math.sqrt(x)),
  max: extreme((order) => order > 0),
  min: extreme((order) => order < 0),
};

/** NULL if an argument is no number or the result isn't. */
function ofNumbers(apply: (args: readonly [number, ...number[]]) => number): MakeFunction {
  return ofValues((args) => {
    const numbers: number[] = [];
    for (const arg of args) {
      const number = numberOf(arg);
      if (number === undefined) return undefined;
      numbers.push(number);
    }
    const [first, ...rest] = numbers;
    return first === undefined ? undefined : finite(apply([first, ...rest]));
  });
}

/** Half goes away from zero, on the decimal digits that are shown. */
function roundTo(value: number, digits: number): number {
  const places = Math.min(Math.max(Math.trunc(digits), 0), 15);
  const shifted = Number(`${Math.abs(value)}e${places}`);
  if (!Number.isFinite(shifted)) return value;
  return Math.sign(value) * Number(`${Math.round(shifted)}e-${places}`);
}

function extreme(better: (order: number) => boolean): MakeFunction {
  return ofValues((args) => {
    let best: Scalar | undefined;
    for (const value of args.flatMap(listed)) {
      if (best === undefined || better(compareScalars(value, best))) best = value;
    }
    return best;
  });
}

function listed(value: Value): readonly Scalar[] {
  if (value === undefined || typeof value === 'boolean') return [];
  return isMany(value) ? value : [value];
}
