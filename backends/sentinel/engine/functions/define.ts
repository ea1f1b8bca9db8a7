import type { ScalarType } from '../../ast.ts';
import type { Dynamic } from '../json.ts';
import { type Place, type Run, refuse, type Scope, type Typed } from '../scope.ts';
import { dynamicText, isNumeric, isWhole } from '../value.ts';

/** A call as the query writes it, its arguments ready. */
export interface Call {
  readonly name: string;
  readonly args: readonly Typed[];
  /** The type in a `typeof(…)` argument. */
  readonly type: ScalarType | undefined;
  readonly scope: Scope;
}
/** Makes a call ready for rows. */
export type Builder = (call: Call) => Typed;
/** Functions by name. */
export type Functions = Readonly<Record<string, Builder>>;

/** Arguments by position, each of the type that its parameter says. */
export type Arguments = readonly [never, never, never, never, never, never, ...never[]];

/** What a parameter takes: a type, any number, or anything; with `?` it may be left out, `*` repeats. */
export type Parameter = `${ScalarType | 'number' | 'any'}${'' | '?' | '*'}`;

/** A function whose result is null where an argument is. */
export function strict(
  parameters: readonly Parameter[],
  type: ScalarType,
  compute: (args: Arguments, run: Run) => unknown,
): Builder {
  return lenient(parameters, type, (args, place) =>
    args.includes(null as never) ? null : compute(args, place.run),
  );
}

/** A function that sees null arguments. */
export function lenient(
  parameters: readonly Parameter[],
  type: ScalarType,
  compute: (args: Arguments, place: Place) => unknown,
): Builder {
  return (call) => {
    const args = accept(call, parameters);
    return {
      type,
      at: (cells, place) => {
        const values: unknown = args.map((arg) => arg(cells, place));
        return compute(values as Arguments, place);
      },
    };
  };
}

/** The arguments as the parameters need them; refuses what doesn't fit. */
export function accept(
  { name, args }: Call,
  parameters: readonly Parameter[],
): readonly Typed['at'][] {
  const last = parameters.at(-1);
  const repeats = last?.endsWith('*') === true;
  const required = parameters.filter((parameter) => /[a-z]$/.test(parameter)).length;
  if (args.length < required || (!repeats && args.length > parameters.length)) {
    return refuse(`${name}(…) doesn't take ${args.length} arguments`);
  }
  return args.map((arg, i) =>
    convert(arg, (parameters[i] ?? last ?? 'any').replace(/[?*]$/, ''), name, i + 1),
  );
}

function convert(arg: Typed, wanted: string, name: string, position: number): Typed['at'] {
  if (wanted === 'any' || wanted === arg.type || (wanted === 'number' && isNumeric(arg.type)))
    return arg.at;
  if (wanted === 'real' && isNumeric(arg.type)) return mapped(arg, Number);
  if (wanted === 'long' && isWhole(arg.type)) return arg.at;
  if (arg.type === 'dynamic' && wanted === 'string') {
    return (cells, place) => dynamicText(arg.at(cells, place) as Dynamic, place.run);
  }
  if (arg.type === 'dynamic') return arg.at;
  const kind = wanted === 'number' ? 'number' : wanted;
  return refuse(`Argument ${position} of ${name}(…) is a ${arg.type}, not a ${kind}`);
}

function mapped(arg: Typed, map: (value: never) => unknown): Typed['at'] {
  return (cells, place) => {
    const value = arg.at(cells, place);
    return value === null ? null : map(value as never);
  };
}
