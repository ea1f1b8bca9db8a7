import { type Column, type Rows, refuse } from '../scope.ts';

/** `union`: all rows of all tables; `outer` has the columns of any table, `inner` those of all. */
export function united(mode: 'inner' | 'outer', tables: readonly Rows[]): Rows {
  const columns: Column[] = [];
  for (const { columns: own } of tables) {
    for (const { name, type } of own) {
      const known = columns.find((column) => column.name === name);
      if (known === undefined) columns.push({ name, type });
      else if (known.type !== type) {
        return refuse(
          `"${name}" is a ${known.type} in one table of the union and a ${type} in another`,
        );
      }
    }
  }
  const wanted =
    mode === 'outer'
      ? columns
      : columns.filter(({ name }) => tables.every((table) => has(table, name)));
  const parts = tables.map((table) => {
    const indexes = wanted.map(({ name }) =>
      table.columns.findIndex((column) => column.name === name),
    );
    return { table, indexes };
  });
  return {
    columns: wanted,
    serialized: false,
    of: (run) =>
      parts.flatMap(({ table, indexes }) =>
        table.of(run).map(({ cells, event }) => ({
          cells: indexes.map((index, i) => (index === -1 ? missing(wanted[i]) : cells[index])),
          event,
        })),
      ),
  };
}

function has(table: Rows, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

function missing(column: Column | undefined): unknown {
  return column?.type === 'string' ? '' : null;
}
