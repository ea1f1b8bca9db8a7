import type { Expression, Ordering } from '../../ast.ts';
import { compile } from '../expression.ts';
import { type Rows, refuse, type Scope } from '../scope.ts';
import { order } from '../value.ts';

/** `sort`: stable; rows have an order afterwards. */
export function sorted(by: readonly Ordering[], rows: Rows, scope: Scope): Rows {
  const keys = by.map(({ of, order: direction, nulls }) => {
    const key = compile(of, scope);
    if (key.type === 'dynamic') return refuse("Rows can't be sorted by a dynamic value");
    return { key, sign: direction === 'asc' ? 1 : -1, nulls: nulls === 'first' ? -1 : 1 };
  });
  return {
    columns: rows.columns,
    serialized: true,
    of: (run) => {
      const input = rows.of(run);
      const keyed = input.map((row, index) => ({
        row,
        values: keys.map(({ key }) => key.at(row.cells, { run, rows: input, index })),
      }));
      const caseless = run.switches['sort-text'] === 'caseless';
      const folded = (value: unknown): unknown =>
        caseless && typeof value === 'string' ? value.toLowerCase() : value;
      keyed.sort((a, b) => {
        for (const [i, { sign, nulls }] of keys.entries()) {
          const result = compareKeys(folded(a.values[i]), folded(b.values[i]), sign, nulls);
          if (result !== 0) return result;
        }
        return 0;
      });
      return keyed.map(({ row }) => row);
    },
  };
}

function compareKeys(a: unknown, b: unknown, sign: number, nulls: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? nulls : -nulls;
  return sign * order(a, b);
}

/** `take`: the first rows; which they are is undefined unless rows have an order. */
export function taken(count: Expression, rows: Rows, scope: Scope): Rows {
  const most = compile(count, scope);
  return {
    columns: rows.columns,
    serialized: rows.serialized,
    of: (run) => {
      const input = rows.of(run);
      if (!rows.serialized && input.length > 1) {
        run.assumptions.add(
          'Which rows "take" keeps isn\'t defined; taken as the first of the input.',
        );
      }
      return input.slice(0, Number(most.at([], { run, rows: [], index: 0 })));
    },
  };
}
