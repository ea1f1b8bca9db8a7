import { parseAddress, QueryRunError } from '#backend';
import type { Accum, Dedup, FillDown, FillNull, MvExpand, Sort, SortKey } from '../ast.ts';
import { type Apply, isTrue, optionOf } from './apply.ts';
import { matcher, namesOf } from './fields.ts';
import {
  type Cell,
  compareScalars,
  compareTexts,
  type Row,
  type Run,
  read,
  type Scalar,
  textOf,
  toNumber,
  valuesOf,
} from './value.ts';

/** What `sort` keeps when it isn't told (Search Reference, sort). */
const sortLimit = 10_000;

/** `sort`: stable; a missing field is the largest ascending, the smallest descending. */
export function compileSort({ count, by }: Sort): Apply {
  const limit = count === undefined ? sortLimit : count;
  return ({ rows, columns }, run) => {
    const keyed = rows.map((row) => ({ row, keys: by.map((key) => sortKey(row, key, run)) }));
    keyed.sort((a, b) => {
      for (const [index, { descending, as }] of by.entries()) {
        const order = compareKeys(a.keys[index], b.keys[index], descending, as);
        if (order !== 0) return order;
      }
      return 0;
    });
    const sorted = keyed.map(({ row }) => row);
    return { rows: limit === 0 ? sorted : sorted.slice(0, limit), columns };
  };
}

/** What a row is sorted by: as a text or as a number where the key says so. */
function sortKey(row: Row, { field, as }: SortKey, run: Run): Scalar | undefined {
  const [value] = valuesOf(read(row, field, run));
  if (value === undefined || as === undefined || as === 'auto' || as === 'ip') return value;
  return as === 'str' ? textOf(value) : (toNumber(value) ?? 0);
}

function compareKeys(
  x: Scalar | undefined,
  y: Scalar | undefined,
  descending: boolean,
  as: SortKey['as'],
): number {
  if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
  const order = compareAs(x, y, as);
  return descending ? -order : order;
}

function compareAs(x: Scalar, y: Scalar, as: SortKey['as']): number {
  if (as === 'str') return compareTexts(textOf(x), textOf(y));
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  const numbers = toNumber(x) !== undefined && toNumber(y) !== undefined;
  const [p, q] = numbers ? [] : [parseAddress(textOf(x)), parseAddress(textOf(y))];
  if (p === undefined || q === undefined) return compareScalars(x, y);
  return p.bits < q.bits ? -1 : p.bits > q.bits ? 1 : 0;
}

/** `dedup`: drops rows without one of the fields; several values must all be the same. */
export function compileDedup({ count, fields, options }: Dedup): Apply {
  const keepEmpty = isTrue(optionOf(options, 'keepempty'));
  const consecutive = isTrue(optionOf(options, 'consecutive'));
  if (isTrue(optionOf(options, 'keepevents'))) {
    throw new QueryRunError('"keepevents" of dedup can’t be run');
  }
  return ({ rows, columns }, run) => {
    const seen = new Map<string, number>();
    let last: string | undefined;
    const kept = rows.filter((row) => {
      const values = fields.map((field) => valuesOf(read(row, field, run)).map(textOf));
      if (values.some((each) => each.length === 0)) return keepEmpty;
      const key = JSON.stringify(values);
      if (consecutive && key !== last) seen.clear();
      last = key;
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      return times <= count;
    });
    return { rows: kept, columns };
  };
}

/** `fillnull`: without a list, all fields that some row has. */
export function compileFillNull({ value, fields }: FillNull): Apply {
  return ({ rows, columns }, run) => {
    const names = fields.length > 0 ? fields : namesOf(rows);
    return {
      rows: rows.map((row): Row => {
        const missing = names.filter((name) => read(row, name, run) === undefined);
        if (missing.length === 0) return row;
        const filled = Object.fromEntries(missing.map((name) => [name, value]));
        return { event: row.event, fields: { ...row.fields, ...filled } };
      }),
      columns,
    };
  };
}

/** `mvexpand`: a row without the field stays as it is. */
export function compileMvExpand({ field, limit }: MvExpand): Apply {
  return ({ rows, columns }, run) => ({
    rows: rows.flatMap((row): readonly Row[] => {
      const values = valuesOf(read(row, field, run));
      if (values.length < 2) return [row];
      const kept = limit === undefined || limit === 0 ? values : values.slice(0, limit);
      return kept.map((value) => ({ event: row.event, fields: { ...row.fields, [field]: value } }));
    }),
    columns,
  });
}

/** `accum`: a row whose value is no number counts for nothing and stays as it is. */
export function compileAccum({ field, as = field }: Accum): Apply {
  return ({ rows, columns }, run) => {
    let total = 0;
    const totalled = rows.map((row): Row => {
      const [value] = valuesOf(read(row, field, run));
      const number = value === undefined ? undefined : toNumber(value);
      if (number === undefined) return row;
      total += number;
      return { event: row.event, fields: { ...row.fields, [as]: total } };
    });
    return { rows: totalled, columns };
  };
}

/** `filldown`: a missing value is that of the last row that had one; without a list, of every field. */
export function compileFillDown({ fields }: FillDown): Apply {
  return ({ rows, columns }, run) => {
    const names = namesOf(rows).filter(fields.length === 0 ? () => true : matcher(fields));
    const last = new Map<string, Cell>();
    const filled = rows.map((row): Row => {
      const missing: [string, Cell][] = [];
      for (const name of names) {
        const value = read(row, name, run);
        if (value !== undefined) last.set(name, value);
        else if (last.has(name)) missing.push([name, last.get(name)]);
      }
      if (missing.length === 0) return row;
      return { event: row.event, fields: { ...row.fields, ...Object.fromEntries(missing) } };
    });
    return { rows: filled, columns };
  };
}
