import type { Mapping, TargetEvent } from '#backend';
import type { ScalarType } from './ast.ts';
import { kindOf } from './lower-place.ts';
import { preludeOf } from './prelude.ts';
import { tables } from './tables.ts';

/** Where a record of a user's table keeps what columns the table has: no query reads it. */
export const columnsKey = '$Columns';

type Columns = ReadonlyMap<string, ScalarType>;

const made = new WeakMap<Mapping, Columns>();

/** The columns of a table that siemc doesn't know, as the places of a mapping name them. */
export function ownColumns(mapping: Mapping): Columns | undefined {
  if (tables.has(mapping.scope['table'] ?? '')) return undefined;
  const known = made.get(mapping);
  if (known !== undefined) return known;
  const columns = new Map<string, ScalarType>([['TimeGenerated', 'datetime']]);
  const { line } = mapping.scope;
  if (line !== undefined) columns.set(line, 'string');
  const computed = preludeOf(mapping).columns;
  for (const { places, absence } of mapping.entries) {
    for (const place of absence === undefined ? places : [...places, absence.place]) {
      const [column = ''] = place.path.split('.');
      if (computed.has(column)) continue;
      const type = kindOf(place) === undefined ? 'string' : place.type;
      columns.set(column, type === 'json' ? 'string' : (type as ScalarType));
    }
  }
  made.set(mapping, columns);
  return columns;
}

/** The names that a query can't give to other columns: those of a user's table and of the prelude. */
export function ownNames(mapping: Mapping): ReadonlySet<string> {
  return new Set([...(ownColumns(mapping)?.keys() ?? []), ...preludeOf(mapping).columns]);
}

/** The columns that a record of a user's table was laid out with. */
export function columnsOf(event: TargetEvent): Columns | undefined {
  const columns = event[columnsKey];
  return columns instanceof Map ? (columns as Columns) : undefined;
}
