import type { ScalarType } from '../../ast.ts';
import { isBag } from '../json.ts';
import { negated } from '../logic.ts';
import { refuse, type Typed } from '../scope.ts';
import { isNumeric } from '../value.ts';
import type { Builder, Functions } from './define.ts';

/** Functions that choose between values or ask whether there is one. */
export const choices: Functions = {
  not: ({ args: [of], args }) =>
    of === undefined || args.length !== 1 ? refuse('not(…) takes one argument') : negated(of),
  iff: choose,
  iif: choose,
  case: (call) => {
    if (call.args.length < 3 || call.args.length % 2 === 0) {
      return refuse('case(…) takes pairs of a condition and a value, then a value');
    }
    return cases(call.args);
  },
  coalesce: ({ args }) => {
    const type = commonType(args, 'coalesce');
    return {
      type,
      at: (cells, place) => {
        let value: unknown = null;
        for (const arg of args) {
          value = arg.at(cells, place);
          if (value !== null && value !== '') return value;
        }
        return value;
      },
    };
  },
  isnull: presence((value, type) => type !== 'string' && value === null),
  isnotnull: presence((value, type) => type === 'string' || value !== null),
  notnull: presence((value, type) => type === 'string' || value !== null),
  isempty: presence((value) => value === null || value === ''),
  isnotempty: presence((value) => value !== null && value !== ''),
  notempty: presence((value) => value !== null && value !== ''),
};

function choose(call: Parameters<Builder>[0]): Typed {
  if (call.args.length !== 3) return refuse(`${call.name}(…) takes a condition and two values`);
  return cases(call.args);
}

/** The value behind the first condition that is true; null isn't. */
function cases(args: readonly Typed[]): Typed {
  const last = args.at(-1);
  const pairs: { readonly when: Typed; readonly then: Typed }[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const [when, then] = [args[i], args[i + 1]];
    if (when === undefined || then === undefined) continue;
    if (when.type !== 'bool' && when.type !== 'dynamic') {
      return refuse(`A condition is a ${when.type}, not a bool`);
    }
    pairs.push({ when, then });
  }
  if (last === undefined) return refuse('A choice needs a value for when nothing holds');
  const type = commonType([...pairs.map(({ then }) => then), last], 'iff');
  return {
    type,
    at: (cells, place) => {
      for (const { when, then } of pairs) {
        if (when.at(cells, place) === true) return widen(then, type, then.at(cells, place));
      }
      return widen(last, type, last.at(cells, place));
    },
  };
}

function widen(from: Typed, type: ScalarType, value: unknown): unknown {
  return type === 'real' && typeof value === 'bigint' && from.type !== 'real'
    ? Number(value)
    : value;
}

function commonType(values: readonly Typed[], name: string): ScalarType {
  const types = new Set(values.map(({ type }) => type));
  const [first] = types;
  if (first === undefined) return refuse(`${name}(…) needs values`);
  if (types.size === 1) return first;
  if ([...types].every(isNumeric))
    return types.has('decimal') ? 'decimal' : types.has('real') ? 'real' : 'long';
  if (types.has('dynamic')) return 'dynamic';
  return refuse(`The values of ${name}(…) have different types: ${[...types].join(', ')}`);
}

/**
 * Whether a dynamic empty string is empty isn't said on any page of the language: it is taken as its
 * text is. Arrays and bags are never empty.
 */
function presence(test: (value: unknown, type: ScalarType) => boolean): Builder {
  return ({ name, args: [of], args }) => {
    if (of === undefined || args.length !== 1) return refuse(`${name}(…) takes one argument`);
    return {
      type: 'bool',
      at: (cells, place) => {
        const value = of.at(cells, place);
        if (of.type === 'dynamic' && value === '' && !isBag(value)) {
          place.run.assumptions.add(
            "Whether an empty string in a dynamic value is empty isn't documented; taken as empty.",
          );
        }
        return test(value, of.type);
      },
    };
  };
}
