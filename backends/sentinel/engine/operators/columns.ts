import type { NamedExpression, Renaming } from '../../ast.ts';
import { nameColumns } from '../default-name.ts';
import { compile } from '../expression.ts';
import { type Column, type Rows, refuse, type Scope } from '../scope.ts';

/** `extend`: a new column goes last, one of a known name is replaced. */
export function extended(columns: readonly NamedExpression[], rows: Rows, scope: Scope): Rows {
  const names = nameColumns(columns, (i) => `Column${i + 1}`);
  const made = columns.map(({ value }) => compile(value, scope));
  const all: Column[] = [...rows.columns];
  const targets = made.map(({ type }, i) => {
    const name = names[i] ?? '';
    const known = all.findIndex((column) => column.name === name);
    const index = known === -1 ? all.length : known;
    all[index] = { name, type };
    return index;
  });
  return {
    columns: all,
    serialized: rows.serialized,
    of: (run) => {
      const input = rows.of(run);
      const place = { run, rows: input, index: 0 };
      return input.map(({ cells, event }, index) => {
        place.index = index;
        const result = [...cells];
        made.forEach((column, i) => {
          result[targets[i] ?? 0] = column.at(cells, place);
        });
        return { cells: result, event };
      });
    },
  };
}

/** `project`: only these columns. */
export function projected(columns: readonly NamedExpression[], rows: Rows, scope: Scope): Rows {
  const names = nameColumns(columns, (i) => `Column${i + 1}`);
  const made = columns.map(({ value }) => compile(value, scope));
  return {
    columns: made.map(({ type }, i) => ({ name: names[i] ?? '', type })),
    serialized: rows.serialized,
    of: (run) => {
      const input = rows.of(run);
      const place = { run, rows: input, index: 0 };
      return input.map(({ cells, event }, index) => {
        place.index = index;
        return { cells: made.map((column) => column.at(cells, place)), event };
      });
    },
  };
}

/** `project-away`, `project-keep`, `project-reorder`, with `*` in names. */
export function kept(
  kind: 'project-away' | 'project-keep' | 'project-reorder',
  patterns: readonly string[],
  rows: Rows,
): Rows {
  const tests = patterns.map(wildcard);
  for (const [i, test] of tests.entries()) {
    const known = rows.columns.some(({ name }) => test(name));
    if (!known && !patterns[i]?.includes('*')) return refuse(`There is no column "${patterns[i]}"`);
  }
  const named = (column: Column): boolean => tests.some((test) => test(column.name));
  if (kind === 'project-away')
    return pick(
      rows,
      rows.columns.filter((column) => !named(column)),
    );
  if (kind === 'project-keep') return pick(rows, rows.columns.filter(named));
  const first = tests.flatMap((test) => rows.columns.filter(({ name }) => test(name)));
  return pick(rows, [...new Set([...first, ...rows.columns])]);
}

/** `project-rename` */
export function renamed(renamings: readonly Renaming[], rows: Rows): Rows {
  const names = new Map(renamings.map(({ name, from }) => [from, name]));
  for (const { from } of renamings) {
    if (!rows.columns.some(({ name }) => name === from))
      return refuse(`There is no column "${from}"`);
  }
  const columns = rows.columns.map(({ name, type }) => ({ name: names.get(name) ?? name, type }));
  return { ...rows, columns };
}

/** Some of the columns, in the given order. */
function pick(rows: Rows, columns: readonly Column[]): Rows {
  const indexes = columns.map((column) => rows.columns.indexOf(column));
  return {
    columns,
    serialized: rows.serialized,
    of: (run) =>
      rows
        .of(run)
        .map(({ cells, event }) => ({ cells: indexes.map((index) => cells[index]), event })),
  };
}

function wildcard(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const parts = pattern.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'));
  const regex = new RegExp(`^${parts.join('.*')}$`);
  return (name) => regex.test(name);
}
