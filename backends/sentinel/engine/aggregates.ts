import type { ScalarType } from '../ast.ts';
import { asDynamic } from './as-dynamic.ts';
import type { Dynamic } from './json.ts';
import { type Place, type Row, type Run, refuse, type Typed } from './scope.ts';
import { isNumeric, isWhole, jsonText, keyOf, order } from './value.ts';

/** An aggregate made ready: its result over a group of rows. */
export interface Aggregate {
  readonly type: ScalarType;
  readonly over: (rows: readonly Row[], run: Run) => unknown;
}
type Build = (args: readonly Typed[], name: string) => Aggregate;

/** The aggregates that give one value; all but `count` leave out nulls. */
export const aggregates: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['count', () => ({ type: 'long', over: (rows) => BigInt(rows.length) })],
  [
    'countif',
    ([when]) => ({ type: 'long', over: (rows, run) => BigInt(filter(rows, when, run).length) }),
  ],
  ['dcount', distinctCount],
  ['count_distinct', distinctCount],
  ['dcountif', ([of, when]) => conditional(distinctCount([need(of)]), when)],
  ['count_distinctif', ([of, when]) => conditional(distinctCount([need(of)]), when)],
  ['sum', sum],
  ['sumif', ([of, when]) => conditional(sum([need(of)], 'sumif'), when)],
  ['avg', average],
  ['avgif', ([of, when]) => conditional(average([need(of)], 'avgif'), when)],
  ['min', extreme((sign) => sign < 0)],
  ['max', extreme((sign) => sign > 0)],
  ['minif', ([of, when]) => conditional(extreme((sign) => sign < 0)([need(of)], 'minif'), when)],
  ['maxif', ([of, when]) => conditional(extreme((sign) => sign > 0)([need(of)], 'maxif'), when)],
  ['take_any', first],
  ['any', first],
  ['take_anyif', ([of, when]) => conditional(first([need(of)]), when)],
  ['anyif', ([of, when]) => conditional(first([need(of)]), when)],
  ['make_list', list('list', 1)],
  ['make_set', list('set', 1)],
  ['make_list_if', list('list', 2)],
  ['make_set_if', list('set', 2)],
  ['make_list_with_nulls', list('nulls', 1)],
  ['make_bag', bag],
  ['stdev', (args) => spread(args, 1, Math.sqrt)],
  ['stdevp', (args) => spread(args, 0, Math.sqrt)],
  ['variance', (args) => spread(args, 1, (n) => n)],
  ['variancep', (args) => spread(args, 0, (n) => n)],
  ['stdevif', ([of, when]) => conditional(spread([need(of)], 1, Math.sqrt), when)],
  [
    'varianceif',
    ([of, when]) =>
      conditional(
        spread([need(of)], 1, (n) => n),
        when,
      ),
  ],
  ['percentile', percentile],
  ['binary_all_and', bits((a, b) => a & b)],
  ['binary_all_or', bits((a, b) => a | b)],
  ['binary_all_xor', bits((a, b) => a ^ b)],
]);

function need(arg: Typed | undefined): Typed {
  return arg ?? refuse('An aggregate lacks an argument');
}

/** The values of an expression over rows, nulls left out. */
function valuesOf(of: Typed | undefined, rows: readonly Row[], run: Run): readonly unknown[] {
  return allOf(need(of), rows, run).filter((value) => value !== null);
}

function allOf(of: Typed, rows: readonly Row[], run: Run): readonly unknown[] {
  const place: Place = { run, rows, index: 0 };
  return rows.map(({ cells }, index) => {
    place.index = index;
    return of.at(cells, place);
  });
}

function filter(rows: readonly Row[], when: Typed | undefined, run: Run): readonly Row[] {
  const holds = allOf(need(when), rows, run);
  return rows.filter((_, index) => holds[index] === true);
}

function conditional(aggregate: Aggregate, when: Typed | undefined): Aggregate {
  return {
    type: aggregate.type,
    over: (rows, run) => aggregate.over(filter(rows, when, run), run),
  };
}

function distinctCount([of]: readonly Typed[]): Aggregate {
  const { type } = need(of);
  return {
    type: 'long',
    over: (rows, run) =>
      BigInt(new Set(valuesOf(of, rows, run).map((value) => keyOf(value, type))).size),
  };
}

function sum([of]: readonly Typed[], name: string): Aggregate {
  const { type } = need(of);
  if (type === 'dynamic' || type === 'real' || type === 'decimal') {
    return { type: 'real', over: (rows, run) => total(valuesOf(of, rows, run)) };
  }
  if (!isWhole(type) && type !== 'timespan')
    return refuse(`${name}(…) takes numbers, not a ${type}`);
  const result = type === 'timespan' ? 'timespan' : 'long';
  return {
    type: result,
    over: (rows, run) => valuesOf(of, rows, run).reduce((a: bigint, b) => a + (b as bigint), 0n),
  };
}

function total(values: readonly unknown[]): number {
  return values.reduce((a: number, b) => a + Number(b), 0);
}

function average([of]: readonly Typed[], name: string): Aggregate {
  const { type } = need(of);
  if (!isNumeric(type) && type !== 'timespan' && type !== 'dynamic' && type !== 'datetime') {
    return refuse(`${name}(…) takes numbers, not a ${type}`);
  }
  const ticks = type === 'timespan' || type === 'datetime';
  return {
    type: ticks ? type : 'real',
    over: (rows, run) => {
      const values = valuesOf(of, rows, run);
      if (!ticks) return total(values) / values.length;
      if (values.length === 0) return null;
      return values.reduce((a: bigint, b) => a + (b as bigint), 0n) / BigInt(values.length);
    },
  };
}

function extreme(better: (sign: number) => boolean): Build {
  return ([of]) => ({
    type: need(of).type,
    over: (rows, run) => {
      let best: unknown = null;
      for (const value of valuesOf(of, rows, run)) {
        if (value !== '' && (best === null || better(order(value, best)))) best = value;
      }
      return best === null && of?.type === 'string' ? '' : best;
    },
  });
}

function first([of]: readonly Typed[]): Aggregate {
  return {
    type: need(of).type,
    over: (rows, run) => valuesOf(of, rows, run)[0] ?? (of?.type === 'string' ? '' : null),
  };
}

/** `make_list` keeps the rows' order; `make_set` keeps first occurrences. */
function list(kind: 'list' | 'set' | 'nulls', sizeAt: number): Build {
  return (args) => {
    const [of, when] = args;
    const { type } = need(of);
    const limit = args[sizeAt]?.constant;
    const size = typeof limit === 'bigint' ? Number(limit) : 1_048_576;
    return {
      type: 'dynamic',
      over: (rows, run) => {
        const kept = sizeAt === 2 ? filter(rows, when, run) : rows;
        const values = kind === 'nulls' ? allOf(need(of), kept, run) : valuesOf(of, kept, run);
        const items = values.map((value) => asDynamic(value, type));
        const spreadItems =
          kind === 'set' ? items.flatMap((item) => (Array.isArray(item) ? item : [item])) : items;
        return (kind === 'set' ? unique(spreadItems) : items).slice(0, size);
      },
    };
  };
}

function unique(items: readonly Dynamic[]): readonly Dynamic[] {
  return [...new Map(items.map((item) => [jsonText(item), item])).values()];
}

function bag([of]: readonly Typed[]): Aggregate {
  return {
    type: 'dynamic',
    over: (rows, run) =>
      Object.fromEntries(
        [...valuesOf(of, rows, run)].reverse().flatMap((value) => Object.entries(value as object)),
      ),
  };
}

function spread([of]: readonly Typed[], sample: 0 | 1, finish: (n: number) => number): Aggregate {
  return {
    type: 'real',
    over: (rows, run) => {
      const values = valuesOf(of, rows, run).map(Number);
      if (values.length <= sample) return 0;
      const mean = total(values) / values.length;
      const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
      return finish(squares / (values.length - sample));
    },
  };
}

/** Nearest rank. */
function percentile([of, at]: readonly Typed[]): Aggregate {
  const rank = Number(at?.constant);
  if (Number.isNaN(rank)) return refuse('percentile(…) takes a number from 0 to 100');
  return {
    type: need(of).type,
    over: (rows, run) => {
      const values = [...valuesOf(of, rows, run)].sort(order);
      return values[Math.max(0, Math.ceil((rank / 100) * values.length) - 1)] ?? null;
    },
  };
}

function bits(combine: (a: bigint, b: bigint) => bigint): Build {
  return ([of]) => ({
    type: 'long',
    over: (rows, run) => {
      const values = valuesOf(of, rows, run) as readonly bigint[];
      return values.length === 0 ? null : values.reduce(combine);
    },
  });
}
