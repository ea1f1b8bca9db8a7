import type { ScalarType } from '../../ast.ts';
import { asDynamic } from '../as-dynamic.ts';
import type { Dynamic } from '../json.ts';
import { refuse, type Typed } from '../scope.ts';
import { dynamicText, jsonText, order } from '../value.ts';
import { accept, type Builder, type Functions, lenient, strict } from './define.ts';

type Items = readonly Dynamic[];

/** Functions of arrays. */
export const arrays: Functions = {
  array_length: array((items) => BigInt(items.length), 'long'),
  array_concat: lenient(['dynamic*'], 'dynamic', (arrays) =>
    (arrays as readonly unknown[]).every((items) => Array.isArray(items))
      ? (arrays as readonly Items[]).flat()
      : null,
  ),
  array_reverse: array((items) => [...items].reverse()),
  array_sum: array((items) => items.reduce((sum: number, item) => sum + Number(item), 0), 'real'),
  array_slice: strict(['dynamic', 'long', 'long'], 'dynamic', ([items, from, to]) => {
    if (!Array.isArray(items)) return null;
    const [start, end] = [Number(from), Number(to)].map((n) =>
      n < 0 ? (items as Items).length + n : n,
    );
    return (items as Items).slice(Math.max(0, start ?? 0), (end ?? 0) + 1);
  }),
  array_index_of: strict(
    ['dynamic', 'any', 'long?', 'long?', 'long?'],
    'long',
    ([items, wanted, start, length, nth]) =>
      BigInt(indexIn(items as unknown, wanted, [start, length, nth])),
  ),
  array_sort_asc: sorted(1),
  array_sort_desc: sorted(-1),
  array_iff: pick,
  array_iif: pick,
  array_shift_left: strict(['dynamic', 'long', 'any?'], 'dynamic', ([items, by, fill]) =>
    shift(items, Number(by), fill ?? null),
  ),
  array_shift_right: strict(['dynamic', 'long', 'any?'], 'dynamic', ([items, by, fill]) =>
    shift(items, -Number(by), fill ?? null),
  ),
  array_rotate_left: strict(['dynamic', 'long'], 'dynamic', ([items, by]) =>
    rotate(items, Number(by)),
  ),
  array_rotate_right: strict(['dynamic', 'long'], 'dynamic', ([items, by]) =>
    rotate(items, -Number(by)),
  ),
  array_split: strict(['dynamic', 'any'], 'dynamic', ([items, at]) =>
    splitAt(items, Array.isArray(at) ? at : [at]),
  ),
  pack_array: packArray,
  zip: strict(['dynamic*'], 'dynamic', (arrays) => {
    const length = Math.max(...(arrays as readonly Items[]).map((items) => items.length));
    return Array.from({ length }, (_, i) =>
      (arrays as readonly Items[]).map((items) => items[i] ?? null),
    );
  }),
  repeat: strict(['any', 'long'], 'dynamic', ([value, times]) =>
    Array(bounded(Number(times))).fill(value),
  ),
  range: (call) => {
    const [first] = call.args;
    return first?.type === 'datetime' || first?.type === 'timespan'
      ? ticksRange(first.type)(call)
      : numberRange(call);
  },
  set_has_element: strict(
    ['dynamic', 'any'],
    'bool',
    ([set, value]) => Array.isArray(set) && has(set, value),
  ),
  set_union: lenient(['dynamic*'], 'dynamic', (sets) => unique(lists(sets).flat())),
  set_intersect: lenient(['dynamic*'], 'dynamic', (sets) => {
    const [first = [], ...rest] = lists(sets);
    return unique(first.filter((item) => rest.every((set) => has(set, item))));
  }),
  set_difference: lenient(['dynamic*'], 'dynamic', (sets) => {
    const [first = [], ...rest] = lists(sets);
    return unique(first.filter((item) => !rest.some((set) => has(set, item))));
  }),
  jaccard_index: strict(['dynamic', 'dynamic'], 'real', ([a, b]) => {
    const [x, y] = [unique(a as Items), unique(b as Items)];
    const all = unique([...x, ...y]).length;
    return all === 0 ? Number.NaN : x.filter((item) => has(y, item)).length / all;
  }),
  strcat_array: strict(['dynamic', 'string'], 'string', ([items, delimiter], run) =>
    Array.isArray(items)
      ? (items as Items).map((item) => dynamicText(item, run)).join(delimiter)
      : '',
  ),
};

function array(compute: (items: Items) => unknown, type: ScalarType = 'dynamic'): Builder {
  return strict(['dynamic'], type, ([items]) => (Array.isArray(items) ? compute(items) : null));
}

function lists(values: readonly unknown[]): readonly Items[] {
  return values.map((value) => (Array.isArray(value) ? value : []));
}

function key(value: unknown): string {
  return jsonText(
    (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value) as Dynamic,
  );
}

function has(set: Items, value: unknown): boolean {
  const wanted = key(value);
  return set.some((item) => key(item) === wanted);
}

function unique(items: Items): Items {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function indexIn(
  items: unknown,
  wanted: unknown,
  [start, length, nth]: readonly (bigint | undefined)[],
): number {
  if (!Array.isArray(items)) return -1;
  const from = Math.max(
    0,
    start === undefined ? 0 : start < 0n ? items.length + Number(start) : Number(start),
  );
  const end = length === undefined || length < 0n ? items.length : from + Number(length);
  let left = Number(nth ?? 1n);
  for (let i = from; i < Math.min(end, items.length); i += 1) {
    if (key(items[i]) === key(wanted)) left -= 1;
    if (left === 0) return i;
  }
  return -1;
}

function sorted(direction: 1 | -1): Builder {
  return (call) => {
    const last = call.args.at(-1);
    const [first] = call.args;
    if (first === undefined) return refuse(`${call.name}(…) takes arrays`);
    if (call.args.length > 1 && !(call.args.length === 2 && last?.type === 'bool')) {
      return refuse(`${call.name}(…) is supported for one array`);
    }
    const nullsLast = last?.type === 'bool' ? last.constant === true : true;
    const [items] = accept({ ...call, args: [first] }, ['dynamic']);
    return {
      type: 'dynamic',
      at: (cells, place) => {
        const value = items?.(cells, place);
        if (!Array.isArray(value)) return null;
        const present = value
          .filter((item) => item !== null)
          .sort((a, b) => direction * order(a, b));
        const nulls = value.filter((item) => item === null);
        return nullsLast ? [...present, ...nulls] : [...nulls, ...present];
      },
    };
  };
}

function pick(call: Parameters<Builder>[0]): Typed {
  const [when, then, otherwise] = accept(call, ['dynamic', 'any', 'any']);
  return {
    type: 'dynamic',
    at: (cells, place) => {
      const conditions = when?.(cells, place);
      if (!Array.isArray(conditions)) return null;
      const [yes, no] = [then?.(cells, place), otherwise?.(cells, place)];
      return conditions.map((condition, i) => {
        const chosen =
          condition === null
            ? null
            : condition === true || (typeof condition === 'number' && condition !== 0)
              ? yes
              : no;
        return Array.isArray(chosen) ? (chosen[i] ?? null) : chosen;
      });
    },
  };
}

function shift(items: unknown, by: number, fill: unknown): unknown {
  if (!Array.isArray(items)) return null;
  return items.map((_, i) => (i + by >= 0 && i + by < items.length ? items[i + by] : fill));
}

function rotate(items: unknown, by: number): unknown {
  if (!Array.isArray(items) || items.length === 0) return items;
  return items.map((_, i) => items[(((i + by) % items.length) + items.length) % items.length]);
}

function splitAt(items: unknown, at: readonly unknown[]): unknown {
  if (!Array.isArray(items)) return null;
  const points = at.map(Number).map((n) => (n < 0 ? Math.max(0, items.length + n) : n));
  const edges = [0, ...points, items.length];
  return edges.slice(1).map((end, i) => items.slice(edges[i], end));
}

const numberRange = strict(['number', 'number', 'number?'], 'dynamic', ([from, to, step]) =>
  series(from, to, step ?? 1n),
);

/** Dates and time spans go by hours unless a step is given. */
function ticksRange(type: 'datetime' | 'timespan'): Builder {
  return strict([type, type, 'timespan?'], 'dynamic', ([from, to, step]) =>
    ticks(from, to, step ?? 36_000_000_000n).map((at) => asDynamic(at, type)),
  );
}

function ticks(from: bigint, to: bigint, step: bigint): readonly bigint[] {
  if (step <= 0n || (to - from) / step > 1_000_000n)
    return refuse('A range of times goes up by at most a million steps');
  const result: bigint[] = [];
  for (let at = from; at <= to; at += step) result.push(at);
  return result;
}

function series(from: number | bigint, to: number | bigint, step: number | bigint): unknown {
  const [start, end, by] = [Number(from), Number(to), Number(step)];
  if (by === 0 || (end - start) / by > 1_000_000) return null;
  const result: number[] = [];
  for (let value = start; by > 0 ? value <= end : value >= end; value += by) result.push(value);
  return result;
}

function packArray({ args, scope }: Parameters<Builder>[0]): Typed {
  const items =
    args.length === 0
      ? scope.columns.map(({ type }, i): Typed => ({ type, at: (cells) => cells[i] }))
      : args;
  return {
    type: 'dynamic',
    at: (cells, place) => items.map((arg) => asDynamic(arg.at(cells, place), arg.type)),
  };
}

/** A number of copies that memory can hold. */
function bounded(times: number): number {
  return times > 1_000_000
    ? refuse('repeat(…) makes at most a million copies')
    : Math.max(0, times);
}
