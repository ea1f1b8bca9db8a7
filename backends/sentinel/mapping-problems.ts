import type { FieldType, Mapping, Place } from '#backend';
import { kindOf } from './lower-place.ts';
import { tables } from './tables.ts';

/** What is wrong with the scope of a mapping: it has to name a table. */
export function scopeProblem({ table }: Mapping['scope']): string | undefined {
  if (table !== undefined && isName(table)) return undefined;
  return 'The scope has to name the table of the events: "scope: { table: MyLogs_CL }".';
}

/** What is wrong with a place: it has to be a column of the table, or a path into one that holds JSON. */
export function placeProblem(place: Place, { table = '' }: Mapping['scope']): string | undefined {
  const { path, type } = place;
  const [column = '', ...keys] = path.split('.');
  if (kindOf(place) === undefined) {
    return `"${type}" is no type of a column: types are string, bool, datetime, int, long, real, dynamic, and json for a string column that holds JSON.`;
  }
  if (!isName(column)) return `"${path}" doesn't begin with the name of a column.`;
  if (keys.includes('')) return `"${path}" has an empty key.`;
  if (keys.length > 0 && type !== 'json' && type !== 'dynamic') {
    return `"${path}" leads into the column "${column}": its type has to be json or dynamic.`;
  }
  const known = tables.get(table);
  if (known === undefined) return undefined;
  const stored = type === 'json' ? 'string' : type;
  const given = known.get(column);
  if (given === undefined) return `The table ${table} has no column "${column}".`;
  return given === stored ? undefined : `The column "${column}" of ${table} is of type ${given}.`;
}

/** Which fields a column can hold: one that isn't text loses all values that aren't of its type. */
export function holds(place: Place): readonly FieldType[] | undefined {
  switch (kindOf(place)) {
    case 'bool':
      return ['boolean'];
    case 'whole':
    case 'real':
      return ['number'];
    case 'datetime':
      return ['string'];
    default:
      return undefined;
  }
}

function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
