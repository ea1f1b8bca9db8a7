import {
  fieldValues,
  type LayoutContext,
  leavesOf,
  lineOf,
  type MappedPlace,
  type Mapping,
  placeOf,
  type RawRecord,
  type TargetEvent,
  writtenAt,
} from '#backend';
import { parseInstant } from './instant.ts';
import { columnsKey, ownColumns } from './own-tables.ts';
import { preludeOf } from './prelude.ts';
import { ingestionColumn, tables } from './tables.ts';
import { divide, epochTicks, formatInstant, ticksOf } from './ticks.ts';

/**
 * A raw record as Log Analytics stores it: strings are empty where there is nothing, other columns
 * null; subtrees are JSON text.
 */
export function layout(
  record: RawRecord,
  { source, mapping, ingested }: LayoutContext,
): TargetEvent {
  const table = mapping.scope['table'] ?? '';
  const event: Record<string, unknown> = { table };
  const own = ownColumns(mapping);
  if (own !== undefined) event[columnsKey] = own;
  for (const [column, type] of own ?? tables.get(table) ?? []) {
    event[column] = type === 'string' ? '' : null;
  }
  if (ingested !== undefined) event[ingestionColumn] = formatInstant(ticksOf(ingested));
  const { line } = mapping.scope;
  if (line !== undefined) event[line] = lineOf(record, source) ?? '';
  const done = new Set<string>(preludeOf(mapping).columns);
  for (const { field } of leavesOf(record, source)) {
    for (const at of placeOf(mapping, field)?.places ?? []) {
      const [column = ''] = at.place.path.split('.');
      if (!done.has(column)) event[column] = valueAt(record, at);
      done.add(column);
    }
  }
  return { ...event, ...withoutLeaves(record, mapping, done) };
}

/** The subtrees that hold no values, such as an array of empty objects, whose elements may still be counted. */
function withoutLeaves(
  record: RawRecord,
  { entries }: Mapping,
  done: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { field, places } of entries) {
    for (const { path, type } of places) {
      const [column = ''] = path.split('.');
      if (done.has(column) || (type !== 'json' && type !== 'dynamic')) continue;
      const value = valueBelow(record, field.replace(/\.?\*$/, '').split('.'));
      if (typeof value !== 'object' || value === null) continue;
      found[column] = type === 'json' ? toJson(value) : value;
    }
  }
  return found;
}

function valueBelow(record: RawRecord, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (value as Readonly<Record<string, unknown>> | undefined | null)?.[key],
    record,
  );
}

/** A stored event with the time at which it was taken in, if it has none. */
export function takeIn(event: TargetEvent, time: number): TargetEvent {
  if (ingestionColumn in event) return event;
  return { ...event, [ingestionColumn]: formatInstant(ticksOf(time)) };
}

/** When a stored event happened, milliseconds since 1970. */
export function eventTime(event: TargetEvent): number | undefined {
  const ticks = parseInstant(String(event['TimeGenerated']));
  return ticks === undefined ? undefined : Number(divide(ticks - epochTicks, 10_000n)[0]);
}

function valueAt(record: RawRecord, at: MappedPlace): unknown {
  const { type } = at.place;
  if (type === 'json' || type === 'dynamic') return subtree(record, at);
  const [first] = fieldValues(record, at.field);
  const text = first === undefined ? undefined : writtenAt(at.place, first);
  if (text === undefined) return type === 'string' ? '' : null;
  return stored(text, type);
}

/** What stands at the place's column: the record's own subtree. */
function subtree(record: RawRecord, { field, place, rest }: MappedPlace): unknown {
  const depth = field.steps.length - rest.length;
  const keys = field.steps.slice(0, depth).map(({ key }) => key);
  const value = valueBelow(record, keys);
  return place.type === 'json' ? toJson(value) : value;
}

function stored(text: string, type: string): unknown {
  switch (type) {
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'datetime': {
      const ticks = parseInstant(text);
      return ticks === undefined ? null : formatInstant(ticks);
    }
    case 'int':
    case 'long':
    case 'real':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
    default:
      return text;
  }
}

/** Compact JSON, whole numbers of any size included. */
function toJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const entries = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}:${toJson(inner)}`,
  );
  return `{${entries.join(',')}}`;
}
