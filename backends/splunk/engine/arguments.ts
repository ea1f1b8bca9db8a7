import type { EvalExpr } from '../ast.ts';
import type { Compile, Evaluate, MakeFunction } from './evaluate.ts';
import type { Readings } from './readings.ts';
import { isMany, type Run, textOf, type Value } from './value.ts';

/** A function of values: all arguments are computed, and NULL in one doesn't decide the result. */
export function ofValues(apply: (args: readonly Value[], run: Run) => Value): MakeFunction {
  return (args, readings, compile) => {
    const parts = compileAll(args, readings, compile);
    return (row, run) =>
      apply(
        parts.map((part) => part(row, run)),
        run,
      );
  };
}

/** A function of texts: NULL if an argument is; of a field with several values each is taken alone. */
export function ofTexts(apply: (args: readonly string[], run: Run) => Value): MakeFunction {
  return ofValues((args, run) => {
    const [first, ...rest] = args;
    if (first === undefined || rest.includes(undefined)) return undefined;
    const others = rest.map((value) => (isMany(value) ? textOf(value[0] ?? '') : String(value)));
    if (!isMany(first)) return apply([String(first), ...others], run);
    const reading = run.readings['text-multivalue'];
    run.assume(`Text functions take each of several values alone: ${reading === 'each'}.`);
    if (reading === 'null') return undefined;
    return first.flatMap((value) => {
      const result = apply([textOf(value), ...others], run);
      return typeof result === 'string' || typeof result === 'number' ? [result] : [];
    });
  });
}

/** The arguments of a call, ready to run. */
export function compileAll(
  args: readonly EvalExpr[],
  readings: Readings,
  compile: Compile,
): readonly Evaluate[] {
  return args.map((arg) => compile(arg, readings));
}
