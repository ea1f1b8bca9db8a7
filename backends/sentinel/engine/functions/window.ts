import type { ScalarType } from '../../ast.ts';
import { type Place, type Row, type Run, refuse, type Typed } from '../scope.ts';
import type { Builder, Functions } from './define.ts';

/** Functions that look at neighbouring rows; they need rows in a settled order. */
export const windows: Functions = {
  prev: neighbour(-1),
  next: neighbour(1),
  row_number: (call) => {
    serialized(call);
    const [start, restart] = call.args;
    return overRows('long', (rows, value) => {
      let number = 0n;
      return rows.map((row, index) => {
        const first = index === 0 || (restart !== undefined && value(restart, row, index) === true);
        number = first
          ? ((start === undefined ? 1n : value(start, row, index)) as bigint)
          : number + 1n;
        return number;
      });
    });
  },
  row_cumsum: (call) => {
    serialized(call);
    const [term, restart] = call.args;
    if (term === undefined) return refuse('row_cumsum(…) takes a term');
    return overRows(term.type, (rows, value) => {
      let sum: number | bigint | undefined;
      return rows.map((row, index) => {
        const addend = value(term, row, index) as number | bigint | null;
        if (restart !== undefined && value(restart, row, index) === true) sum = undefined;
        if (addend !== null)
          sum = sum === undefined ? addend : (sum as number) + (addend as number);
        return sum ?? null;
      });
    });
  },
  row_window_session: (call) => {
    serialized(call);
    const [of, fromFirst, between, restart] = call.args;
    if (of === undefined || fromFirst === undefined || between === undefined) {
      return refuse('row_window_session(…) takes an expression and two distances');
    }
    return overRows(of.type, (rows, value) => {
      let start: bigint | null = null;
      let before: bigint | null = null;
      return rows.map((row, index) => {
        const now = value(of, row, index) as bigint;
        const [most, gap] = [
          value(fromFirst, row, index) as bigint,
          value(between, row, index) as bigint,
        ];
        const fresh = restart !== undefined && value(restart, row, index) === true;
        if (
          start === null ||
          before === null ||
          fresh ||
          now >= start + most ||
          now >= before + gap
        )
          start = now;
        before = now;
        return start;
      });
    });
  },
};

type Value = (of: Typed, row: Row, index: number) => unknown;

/** A column that is computed over all rows at once. */
function overRows(
  type: ScalarType,
  compute: (rows: readonly Row[], value: Value) => readonly unknown[],
): Typed {
  const made = new WeakMap<readonly Row[], readonly unknown[]>();
  return {
    type,
    at: (_cells, { rows, run, index }) => {
      const known =
        made.get(rows) ?? compute(rows, (of, row, i) => of.at(row.cells, placeIn(run, rows, i)));
      made.set(rows, known);
      return known[index] ?? null;
    },
  };
}

function placeIn(run: Run, rows: readonly Row[], index: number): Place {
  return { run, rows, index };
}

function neighbour(direction: 1 | -1): Builder {
  return (call): Typed => {
    serialized(call);
    const [of, offset, otherwise] = call.args;
    if (of === undefined) return refuse(`${call.name}(…) takes an expression`);
    return {
      type: of.type,
      at: (cells, place) => {
        const distance = Number((offset?.at(cells, place) as bigint | undefined) ?? 1n);
        const index = place.index + direction * distance;
        const row = place.rows[index];
        if (row === undefined)
          return otherwise?.at(cells, place) ?? (of.type === 'string' ? '' : null);
        return of.at(row.cells, placeIn(place.run, place.rows, index));
      },
    };
  };
}

function serialized({ name, scope }: Parameters<Builder>[0]): void {
  if (!scope.serialized) {
    refuse(`${name}(…) needs serialized rows: add "| serialize" or "| sort by …" before it`);
  }
}
