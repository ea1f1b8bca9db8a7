import type { Expansion, Expression, Operator } from './ast.ts';
import { binary, call, name, number, path } from './build.ts';
import { type Location, rootOf, taken } from './lower-place.ts';
import { printExpression } from './print.ts';

/** What is computed over the elements of arrays, and the columns that hold it. */
export interface Elements {
  /** The columns of a user's table, which nothing else may be called. */
  readonly own: ReadonlySet<string>;
  /** A condition on how many elements pass: more than none. */
  some(
    location: Location,
    predicate: (text: Expression) => Expression | undefined,
  ): Expression | undefined;
  /**
   * The same of elements as they are: objects too, and of a value that is no array the value itself. Null is
   * one of them where there is none.
   */
  within(
    location: Location,
    predicate: (item: Item) => Expression | undefined,
  ): Expression | undefined;
  /** The values of all elements, joined. */
  joined(location: Location): Expression;
  /** The texts of all elements that aren't empty: all, or the distinct ones. */
  list(
    location: Location,
    kind: 'make_list_if' | 'make_set_if',
    form: (text: Expression) => Expression,
  ): Expression;
  /** The column that holds an element while it is looked at. */
  item(location: Location): string;
  /** One operator per array. */
  operators(): readonly Operator[];
  /** Names of the computed columns. */
  names(): ReadonlySet<string>;
}

/** One element: the column that holds it, and what is computed over the arrays in it. */
export interface Item {
  readonly column: string;
  readonly elements: Elements;
}

interface ArrayOf {
  readonly location: Location;
  /** Whether a value that is no array counts as its only element. */
  readonly whole: boolean;
  readonly inner: Elements;
  readonly columns: Map<string, { readonly name: string; readonly value: Expression }>;
}

/** Collects what a query needs to know of array elements, beside the columns of a user's table. */
export function collectElements(own: ReadonlySet<string>): Elements {
  return collect(0, new Set(), own);
}

/** The elements of arrays that lie in so many others, beside names that are in use. */
function collect(depth: number, used: Set<string>, own: ReadonlySet<string>): Elements {
  const arrays = new Map<string, ArrayOf>();

  const itemOf = ({ arrays: on }: Location): string => itemName(depth + on.length - 1, own);

  function arrayOf(location: Location, whole: boolean): ArrayOf {
    const id = JSON.stringify([location.column, location.arrays, whole]);
    const inner = (): Elements => collect(depth + location.arrays.length, used, own);
    const array = arrays.get(id) ?? { location, whole, inner: inner(), columns: new Map() };
    arrays.set(id, array);
    return array;
  }

  function column({ location, columns }: ArrayOf, suffix: string, value: Expression): Expression {
    const key = printExpression(value);
    const known = columns.get(key);
    if (known !== undefined) return name(known.name);
    const free = freeName(`${baseName(location)}${suffix}`, (one) => used.has(one) || own.has(one));
    used.add(free);
    columns.set(key, { name: free, value });
    return name(free);
  }

  function matches(array: ArrayOf, test: Expression): Expression {
    return binary('>', column(array, 'Matches', call('countif', test)), number(0));
  }

  function textOf(location: Location): Expression {
    return call('tostring', path(name(itemOf(location)), location.keys));
  }

  return {
    own,
    some(location, predicate) {
      const test = predicate(textOf(location));
      return test && matches(withName(arrayOf(location, false), location), test);
    },
    within(location, predicate) {
      const array = arrayOf(location, true);
      const test = predicate({ column: itemOf(location), elements: array.inner });
      return test && matches(array, test);
    },
    joined(location) {
      const text = textOf(location);
      const values = call('make_list_if', text, call('isnotempty', text));
      const array = withName(arrayOf(location, false), location);
      return call('strcat_array', column(array, 'Values', values), {
        kind: 'string',
        value: ', ',
      });
    },
    list(location, kind, form) {
      const text = form(textOf(location));
      const array = withName(arrayOf(location, false), location);
      return column(array, 'Values', call(kind, text, call('isnotempty', text)));
    },
    item: itemOf,
    operators: () =>
      [...arrays.values()].map((array) =>
        toOperator(array, (inner) => itemName(depth + inner, own)),
      ),
    names: () => used,
  };
}

/** A column is named by the field that it is computed of, whichever field of the array came first. */
function withName(array: ArrayOf, location: Location): ArrayOf {
  return { ...array, location };
}

/** `Item`, `Item2`, …: an element of the outermost array, of the one in it, …; no column of a user's table. */
function itemName(depth: number, own: ReadonlySet<string>): string {
  const names = ['Item', ...Array.from({ length: depth + own.size }, (_, i) => `Item${i + 2}`)];
  return names.filter((one) => !own.has(one))[depth] ?? '';
}

/** `item` names the element of an array that lies in so many others. */
function toOperator(
  { location, whole, inner, columns }: ArrayOf,
  item: (depth: number) => string,
): Operator {
  const [outer = [], ...others] = location.arrays;
  const expand = whole ? wholeExpansion : expansion;
  const expansions = others.map((keys, i): Operator => {
    const expanded = expand(item(i + 1), path(name(item(i)), keys));
    return { kind: 'mv-expand', index: undefined, columns: [expanded], limit: undefined };
  });
  return {
    kind: 'mv-apply',
    index: undefined,
    columns: [expand(item(0), path(rootOf(location), outer))],
    limit: undefined,
    on: [
      ...expansions,
      ...inner.operators(),
      { kind: 'summarize', aggregates: [...columns.values()], by: [] },
    ],
  };
}

/**
 * A row without elements is kept: null stands for an empty array, since what mv-apply makes of rows
 * that expand into none isn't documented. So it does for what is no array, which would expand too.
 */
function expansion(item: string, array: Expression): Expansion {
  const some = binary('>', call('array_length', array), number(0));
  const of = call('iff', some, array, noElement);
  return { name: item, of, type: undefined };
}

/** The same, but what is no array, of which there is no length, is an element. */
function wholeExpansion(item: string, array: Expression): Expansion {
  const length = call('array_length', array);
  const of = call(
    'case',
    binary('>', length, number(0)),
    array,
    binary('==', length, number(0)),
    noElement,
    call('pack_array', array),
  );
  return { name: item, of, type: undefined };
}

const noElement: Expression = { kind: 'dynamic', value: [null] };

/** `userId` -> `UserId`: the last key, or the column's own name where there is none. */
function baseName({ arrays, keys, root }: Location): string {
  const key = keys.at(-1) ?? arrays.at(-1)?.at(-1) ?? root;
  const letters = key.replace(/[^A-Za-z0-9_]+/g, '');
  return `${letters.charAt(0).toUpperCase()}${letters.slice(1)}`.replace(/^(?=[0-9]|$)/, 'Item');
}

function freeName(wanted: string, isUsed: (name: string) => boolean): string {
  let free = wanted;
  for (let n = 2; isUsed(free) || taken(free); n += 1) free = `${wanted}${n}`;
  return free;
}
