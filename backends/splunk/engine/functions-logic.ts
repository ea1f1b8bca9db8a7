import {
  anyCharacter,
  anyRun,
  canonicalPattern,
  compilePattern,
  inNetwork,
  type Pattern,
  parseAddress,
  parseNetwork,
  QueryRunError,
} from '#backend';
import { compileAll } from './arguments.ts';
import { type MakeFunction, truth } from './evaluate.ts';
import { compilePcre } from './regex.ts';
import { compareScalars, isMany, type Run, type Scalar, textOf, type Value } from './value.ts';

/** Comparison and conditional functions (Search Reference, "Comparison and conditional functions"). */
export const logicFunctions: Readonly<Record<string, MakeFunction>> = {
  true: () => () => true,
  false: () => () => false,
  null: () => () => undefined,
  isnull: one((value) => value === undefined),
  isnotnull: one((value) => value !== undefined),
  isnum: one((value) => typeof value === 'number' || isNumberText(value)),
  isint: one((value) => /^[+-]?\d+$/.test(String(value))),
  isstr: one((value) => typeof value === 'string' && !isNumberText(value)),
  if(args, readings, compile) {
    const [condition, then, otherwise] = compileAll(args, readings, compile);
    return (row, run) => {
      const branch = truth(condition?.(row, run)) === true ? then : otherwise;
      return branch?.(row, run);
    };
  },
  case: valueBehind('true'),
  validate: valueBehind('not true'),
  coalesce(args, readings, compile) {
    const parts = compileAll(args, readings, compile);
    return (row, run) => {
      for (const part of parts) {
        const value = part(row, run);
        if (value !== undefined) return value;
      }
      return undefined;
    };
  },
  nullif(args, readings, compile) {
    const [left, right] = compileAll(args, readings, compile);
    return (row, run) => {
      const [a, b] = [left?.(row, run), right?.(row, run)];
      if (a === undefined || b === undefined || isMany(a) || isMany(b)) return a;
      return compareScalars(a as Scalar, b as Scalar) === 0 ? undefined : a;
    };
  },
  in(args, readings, compile) {
    const [value, ...items] = compileAll(args, readings, compile);
    return (row, run) => {
      const wanted = listOf(value?.(row, run));
      if (wanted === undefined) return undefined;
      return items.some((item) =>
        (listOf(item(row, run)) ?? []).some((b) => wanted.some((a) => compareScalars(a, b) === 0)),
      );
    };
  },
  match: textTest(compilePcre),
  like: textTest((text) => compilePattern(likePattern(text), true)),
  cidrmatch(args, readings, compile) {
    const [network, address] = compileAll(args, readings, compile);
    const networks = memo((text) => parseNetwork(text));
    const otherwise = readings['cidrmatch-non-address'] === 'null' ? undefined : false;
    return (row, run) => {
      const [range, value] = [network?.(row, run), address?.(row, run)];
      if (range === undefined || value === undefined || isMany(value)) return undefined;
      const parsed = networks(String(range));
      if ('problem' in parsed) throw new QueryRunError(parsed.problem);
      if (parseAddress(String(value)) !== undefined) return inNetwork(parsed, String(value));
      run.assume(`cidrmatch() of a text that is no IP address is ${otherwise ?? 'NULL'}.`);
      return otherwise;
    };
  },
};

function one(test: (value: Value) => boolean): MakeFunction {
  return (args, readings, compile) => {
    const [of] = compileAll(args, readings, compile);
    return (row, run) => test(of?.(row, run));
  };
}

function isNumberText(value: Value): boolean {
  return typeof value === 'string' && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value);
}

function listOf(value: Value): readonly Scalar[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') throw new QueryRunError('A Boolean can’t be compared');
  return isMany(value) ? value : [value];
}

/** The value behind the first condition that is true (or, for `validate`, isn't). */
function valueBehind(wanted: 'true' | 'not true'): MakeFunction {
  return (args, readings, compile) => {
    if (args.length % 2 !== 0)
      throw new QueryRunError('case() and validate() take pairs of arguments');
    const parts = compileAll(args, readings, compile);
    return (row, run) => {
      for (let i = 0; i < parts.length; i += 2) {
        const found = truth(parts[i]?.(row, run)) === true ? 'true' : 'not true';
        if (found === wanted) return parts[i + 1]?.(row, run);
      }
      return undefined;
    };
  };
}

/** `match` and `like`: NULL of NULL; what several values make is a matter of reading. */
function textTest(make: (text: string) => (value: string) => boolean): MakeFunction {
  return (args, readings, compile) => {
    const [subject, pattern] = compileAll(args, readings, compile);
    const tests = memo(make);
    const fixed = args[1]?.kind === 'string' ? make(args[1].text) : undefined;
    return (row, run) => {
      const value = subject?.(row, run);
      if (value === undefined) return undefined;
      let test = fixed;
      if (test === undefined) {
        const text = pattern?.(row, run);
        if (text === undefined || isMany(text)) return undefined;
        test = tests(String(text));
      }
      return isMany(value) ? several(value, test, run) : test(textOf(value));
    };
  };
}

function several(
  values: readonly Scalar[],
  test: (value: string) => boolean,
  run: Run,
): boolean | undefined {
  const reading = run.readings['match-multivalue'];
  run.assume(`match() and like() of several values: ${reading}.`);
  if (reading === 'null') return undefined;
  return (reading === 'first' ? values.slice(0, 1) : values).some((value) => test(textOf(value)));
}

/** `%` any run, `_` one character; neither can be escaped. */
function likePattern(text: string): Pattern {
  return canonicalPattern(
    [...text].map((character) =>
      character === '%' ? anyRun : character === '_' ? anyCharacter : character,
    ),
  );
}

/** Remembers what was made of the last few hundred texts. */
function memo<Made>(make: (text: string) => Made): (text: string) => Made {
  const known = new Map<string, Made>();
  return (text) => {
    const made = known.get(text) ?? make(text);
    if (known.size > 300) known.clear();
    known.set(text, made);
    return made;
  };
}
