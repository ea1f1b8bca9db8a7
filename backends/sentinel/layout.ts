import {
  fieldValues,
  type LayoutContext,
  leavesOf,
  lineOf,
  type MappedPlace,
  type Mapping,
  type Place,
  placeOf,
  type RawRecord,
  eventTime as recordTime,
  stepsOf,
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
  // A connector sets it about when the event happened; a mapping that names the column holds over that.
  const time = recordTime(record, source);
  if (time !== undefined) event['TimeGenerated'] = formatInstant(ticksOf(time));
  const { line } = mapping.scope;
  if (line !== undefined) event[line] = lineOf(record, source) ?? '';
  const computed = preludeOf(mapping).columns;
  const done = new Set<string>(computed);
  for (const { field } of leavesOf(record, source)) {
    for (const at of placeOf(mapping, field)?.places ?? []) {
      const column = at.place.path;
      if (isTree(at.place) || done.has(column)) continue;
      event[column] = valueAt(record, at);
      done.add(column);
    }
  }
  return Object.assign(event, treesOf(record, mapping, source, computed));
}

/** Whether a place is in a column that holds keys. */
function isTree({ type }: Place): boolean {
  return type === 'json' || type === 'dynamic';
}

/** The columns that hold keys, each with what the mapping's places in it say, empty lists and maps, too. */
function treesOf(
  record: RawRecord,
  { entries }: Mapping,
  source: LayoutContext['source'],
  computed: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const trees = new Map<string, unknown>();
  const texts = new Set<string>();
  for (const { field, places } of entries) {
    for (const place of places) {
      const [column = '', ...written] = place.path.split('.');
      if (!isTree(place) || computed.has(column)) continue;
      const { from, to } = branch(field, written, source);
      const value = valueBelow(record, from);
      if (value === undefined || value === null) continue;
      if (field.endsWith('*') && typeof value !== 'object') continue;
      trees.set(column, joined(trees.get(column), nested(to, value)));
      if (place.type === 'json') texts.add(column);
    }
  }
  return Object.fromEntries(
    [...trees].map(([column, value]) => [column, texts.has(column) ? toJson(value) : value]),
  );
}

/** Which part of a record an entry is about, and below which keys of the column it stands. A list stands as a whole. */
function branch(
  name: string,
  written: readonly string[],
  source: LayoutContext['source'],
): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const steps = name === '*' ? [] : stepsOf(source, name.replace(/\.\*$/, ''));
  const from = steps.map(({ key }) => key);
  const to = written.filter((key) => key !== '*');
  const list = steps.findIndex(({ array }) => array);
  const behind = list === -1 ? 0 : from.length - 1 - list;
  return {
    from: from.slice(0, from.length - behind),
    to: to.slice(0, Math.max(0, to.length - behind)),
  };
}

function nested(keys: readonly string[], value: unknown): unknown {
  return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

/** Two parts of one column. */
function joined(one: unknown, other: unknown): unknown {
  if (!isMap(one) || !isMap(other)) return one ?? other;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, joined(one[key], other[key])]));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  const [first] = fieldValues(record, at.field);
  const text = first === undefined ? undefined : writtenAt(at.place, first);
  if (text === undefined) return type === 'string' ? '' : null;
  return stored(text, type);
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
