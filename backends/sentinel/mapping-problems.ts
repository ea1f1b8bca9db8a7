import type { FieldType, Mapping, Place } from '#backend';
import { kindOf } from './lower-place.ts';
import { preludeOf } from './prelude.ts';
import { tables } from './tables.ts';

/** What is wrong with the scope of a mapping: it has to name a table. */
export function scopeProblem({ table, line }: Mapping['scope']): string | undefined {
  if (line !== undefined && !isName(line))
    return `The column "${line}" that holds the line can't be named.`;
  if (table !== undefined && isName(table)) return undefined;
  return 'The scope has to name the table of the events: "scope: { table: MyLogs_CL }".';
}

/** What is wrong with a place: it has to be a column of the table, or a path into one that holds JSON. */
export function placeProblem(
  place: Place,
  mapping: Pick<Mapping, 'scope' | 'prelude'>,
): string | undefined {
  const { table = '' } = mapping.scope;
  const { path, type, stored: parts } = place;
  if (parts.length > 0) return '"stored" is for what a prelude makes on Splunk.';
  const [column = '', ...keys] = path.split('.');
  if (kindOf(place) === undefined) {
    return `"${type}" is no type of a column: types are string, bool, datetime, int, long, real, dynamic, and json for a string column that holds JSON.`;
  }
  if (!isName(column)) return `"${path}" doesn't begin with the name of a column.`;
  if (keys.includes('')) return `"${path}" has an empty key.`;
  if (keys.length > 0 && type !== 'json' && type !== 'dynamic') {
    return `"${path}" leads into the column "${column}": its type has to be json or dynamic.`;
  }
  if (preludeOf(mapping).columns.has(column)) return undefined;
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
