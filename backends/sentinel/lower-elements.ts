import type { Expansion, Expression, Operator } from './ast.ts';
import { binary, call, name, number, path } from './build.ts';
import { type Location, parsedName, rootOf, taken } from './lower-place.ts';
import { printExpression } from './print.ts';

/** What is computed over the elements of arrays, and the columns that hold it. */
export interface Elements {
  /** A condition on how many elements pass: more than none. */
  some(
    location: Location,
    predicate: (text: Expression) => Expression | undefined,
  ): Expression | undefined;
  /** The values of all elements, joined. */
  joined(location: Location): Expression;
  /** The texts of all elements that aren't empty: all, or the distinct ones. */
  list(
    location: Location,
    kind: 'make_list_if' | 'make_set_if',
    form: (text: Expression) => Expression,
  ): Expression;
  /** One operator per array. */
  operators(): readonly Operator[];
  /** Names of the computed columns. */
  names(): ReadonlySet<string>;
}

interface ArrayOf {
  readonly location: Location;
  readonly columns: Map<string, { readonly name: string; readonly value: Expression }>;
}

/** Collects what a query needs to know of array elements. */
export function collectElements(): Elements {
  const arrays = new Map<string, ArrayOf>();
  const used = new Set<string>();

  function column(location: Location, suffix: string, value: Expression): Expression {
    const id = JSON.stringify([location.column, location.arrays]);
    const array = arrays.get(id) ?? { location, columns: new Map() };
    arrays.set(id, array);
    const key = printExpression(value);
    const known = array.columns.get(key);
    if (known !== undefined) return name(known.name);
    const free = freeName(`${baseName(location)}${suffix}`, used);
    used.add(free);
    array.columns.set(key, { name: free, value });
    return name(free);
  }

  return {
    some(location, predicate) {
      const test = predicate(elementText(location));
      if (test === undefined) return undefined;
      return binary('>', column(location, 'Matches', call('countif', test)), number(0));
    },
    joined(location) {
      const text = elementText(location);
      const values = call('make_list_if', text, call('isnotempty', text));
      return call('strcat_array', column(location, 'Values', values), {
        kind: 'string',
        value: ', ',
      });
    },
    list(location, kind, form) {
      const text = form(elementText(location));
      return column(location, 'Values', call(kind, text, call('isnotempty', text)));
    },
    operators: () => [...arrays.values()].map(toOperator),
    names: () => used,
  };
}

/** `Item`, `Item2`, …: an element of the outermost array, of the one in it, … */
function itemName(depth: number): string {
  return depth === 0 ? 'Item' : `Item${depth + 1}`;
}

function elementText({ arrays, keys }: Location): Expression {
  return call('tostring', path(name(itemName(arrays.length - 1)), keys));
}

function toOperator({ location, columns }: ArrayOf): Operator {
  const [outer = [], ...inner] = location.arrays;
  const expansions = inner.map(
    (keys, depth): Operator => ({
      kind: 'mv-expand',
      index: undefined,
      columns: [expansion(depth + 1, path(name(itemName(depth)), keys))],
      limit: undefined,
    }),
  );
  return {
    kind: 'mv-apply',
    index: undefined,
    columns: [expansion(0, path(rootOf(location), outer))],
    limit: undefined,
    on: [...expansions, { kind: 'summarize', aggregates: [...columns.values()], by: [] }],
  };
}

/**
 * A row without elements is kept: null stands for an empty array, since what mv-apply makes of rows
 * that expand into none isn't documented. So it does for what is no array, which would expand too.
 */
function expansion(depth: number, array: Expression): Expansion {
  const some = binary('>', call('array_length', array), number(0));
  const of = call('iff', some, array, { kind: 'dynamic', value: [null] });
  return { name: itemName(depth), of, type: undefined };
}

/** `userId` -> `UserId`: the last key, or the column's own name where there is none. */
function baseName({ arrays, keys, column }: Location): string {
  const key = keys.at(-1) ?? arrays.at(-1)?.at(-1) ?? parsedName(column);
  const letters = key.replace(/[^A-Za-z0-9_]+/g, '');
  return `${letters.charAt(0).toUpperCase()}${letters.slice(1)}`.replace(/^(?=[0-9]|$)/, 'Item');
}

function freeName(wanted: string, used: ReadonlySet<string>): string {
  let free = wanted;
  for (let n = 2; used.has(free) || taken(free); n += 1) free = `${wanted}${n}`;
  return free;
}
