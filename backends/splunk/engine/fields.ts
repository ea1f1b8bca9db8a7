import { compilePattern } from '#backend';
import type { Aggregate, Fields, Rename, Table as TableCommand } from '../ast.ts';
import type { Apply } from './apply.ts';
import { columnOf } from './samples.ts';
import { starred } from './starred.ts';
import type { Row } from './value.ts';

/** `fields`: keeps or removes; `_time` and `_raw` stay unless they are named. */
export function compileFields({ mode, fields }: Fields): Apply {
  const named = matcher(fields);
  const keeps = (name: string): boolean =>
    mode === 'keep' ? name.startsWith('_') || named(name) : !named(name);
  return ({ rows, columns }) => ({
    rows: rows.map((row) => filtered(row, keeps)),
    columns: mode === 'keep' ? plainNames(fields) : columns.filter(keeps),
  });
}

/** `table`: exactly the named columns, in this order. */
export function compileTable({ fields }: TableCommand): Apply {
  const named = matcher(fields);
  return ({ rows }) => {
    const seen = namesOf(rows);
    const columns = fields.flatMap((field) =>
      field.includes('*') ? seen.filter(matcher([field])) : [field],
    );
    return { rows: rows.map((row) => filtered(row, named)), columns: [...new Set(columns)] };
  };
}

/** `rename`: one field to one name, or all that fit `a.*` to `b.*`. */
export function compileRename({ fields }: Rename): Apply {
  return ({ rows, columns }) => {
    let result = { rows, columns };
    for (const { from, to } of fields) result = renameOne(result.rows, result.columns, from, to);
    return result;
  };
}

function renameOne(
  rows: readonly Row[],
  columns: readonly string[],
  from: string,
  to: string,
): { rows: readonly Row[]; columns: readonly string[] } {
  const next = (name: string): string => renamed(name, from, to) ?? name;
  return {
    rows: rows.map((row): Row => {
      const names = Object.keys(row.fields);
      const moved = new Set(
        names.filter((name) => renamed(name, from, to) !== undefined).map(next),
      );
      const kept = names.filter(
        (name) => renamed(name, from, to) !== undefined || !moved.has(name),
      );
      if (moved.size === 0) return row;
      return {
        event: row.event,
        fields: Object.fromEntries(kept.map((name) => [next(name), row.fields[name]])),
      };
    }),
    columns: columns.map(next),
  };
}

function renamed(name: string, from: string, to: string): string | undefined {
  const [head = '', tail] = from.split('*');
  if (tail === undefined) return name === from ? to : undefined;
  const fits =
    name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
  if (!fits) return undefined;
  return to.replace('*', () => name.slice(head.length, name.length - tail.length));
}

/** The names of all fields of the rows, in the order of their first appearance. */
export function namesOf(rows: readonly Row[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row.fields)) names.add(name);
  return [...names];
}

/** `values(*) as *`: one aggregate a field, but for the by-fields and internal ones. */
export function expandWildcards(
  aggregates: readonly Aggregate[],
  by: readonly string[],
  rows: readonly Row[],
): readonly Aggregate[] {
  if (!aggregates.some(({ of }) => of?.kind === 'field' && of.name.includes('*')))
    return aggregates;
  const names = namesOf(rows).filter((name) => !name.startsWith('_') && !by.includes(name));
  return aggregates.flatMap((each): readonly Aggregate[] => {
    const { of } = each;
    if (of?.kind !== 'field' || !of.name.includes('*')) return [each];
    return names.flatMap((name): readonly Aggregate[] => {
      const as = renamed(name, of.name, each.as ?? `${each.name}(${of.name})`);
      return as === undefined ? [] : [{ name: each.name, of: { kind: 'field', name }, as }];
    });
  });
}

/** The columns of grouped rows. */
export function nameColumns(
  by: readonly string[],
  aggregates: readonly Aggregate[],
): readonly string[] {
  return [...by, ...aggregates.map(columnOf)];
}

function filtered(row: Row, keeps: (name: string) => boolean): Row {
  const fields = Object.fromEntries(Object.entries(row.fields).filter(([name]) => keeps(name)));
  return { event: row.event, fields };
}

/** Whether a name is in a list, whose names may hold `*`. */
export function matcher(fields: readonly string[]): (name: string) => boolean {
  const exact = new Set(plainNames(fields));
  const globs = fields
    .filter((field) => field.includes('*'))
    .map((field) => compilePattern(starred(field), true));
  return (name) => exact.has(name) || globs.some((matches) => matches(name));
}

function plainNames(fields: readonly string[]): readonly string[] {
  return fields.filter((field) => !field.includes('*'));
}
