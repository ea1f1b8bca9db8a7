import { parseAddress, QueryRunError } from '#backend';
import type { Dedup, FillNull, MvExpand, Sort, SortKey } from '../ast.ts';
import { type Apply, isTrue, optionOf } from './apply.ts';
import { namesOf } from './fields.ts';
import {
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
    const sorted = [...rows].sort((a, b) => {
      for (const key of by) {
        const order = compareRows(a, b, key, run);
        if (order !== 0) return order;
      }
      return 0;
    });
    return { rows: limit === 0 ? sorted : sorted.slice(0, limit), columns };
  };
}

function compareRows(a: Row, b: Row, { field, descending, as }: SortKey, run: Run): number {
  const [x] = valuesOf(read(a, field, run));
  const [y] = valuesOf(read(b, field, run));
  if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
  const order = compareAs(x, y, as);
  return descending ? -order : order;
}

function compareAs(x: Scalar, y: Scalar, as: SortKey['as']): number {
  if (as === 'str') return compareTexts(textOf(x), textOf(y));
  if (as === 'num') return (toNumber(x) ?? 0) - (toNumber(y) ?? 0);
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
