import { refuse, type Typed } from '../scope.ts';
import type { Builder, Functions } from './define.ts';

/** Functions that look at neighbouring rows; they need rows in a settled order. */
export const windows: Functions = {
  prev: neighbour(-1),
  next: neighbour(1),
  row_number: (call) => {
    serialized(call);
    const [start, restart] = call.args;
    if (restart !== undefined) return refuse('row_number(…) with a restart condition isn\'t supported');
    return {
      type: 'long',
      at: (cells, place) => BigInt(place.index) + ((start?.at(cells, place) as bigint | undefined) ?? 1n),
    };
  },
};

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
        if (row === undefined) return otherwise?.at(cells, place) ?? (of.type === 'string' ? '' : null);
        return of.at(row.cells, { ...place, index });
      },
    };
  };
}

function serialized({ name, scope }: Parameters<Builder>[0]): void {
  if (!scope.serialized) refuse(`${name}(…) needs serialized rows: add "| serialize" or "| sort by …" before it`);
}
