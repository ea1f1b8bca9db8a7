import {
  eventTime,
  type LayoutContext,
  leavesOf,
  type Mapping,
  numberOf,
  placeOf,
  type RawRecord,
  rawText,
  type TargetEvent,
  writtenAt,
} from '#backend';
import { fieldName, stepsName } from './field-name.ts';
import { preludeOf } from './prelude.ts';
import { shapeOfText } from './text-shape.ts';

/** Automatic extraction reads so many bytes of an event (limits.conf, extraction_cutoff). */
const extractionCutoff = 5000;

/**
 * A record as Splunk keeps it: the text in `_raw`, its time in `_time`, when it was indexed in whole seconds in
 * `_indextime`, and a field for every key that isn't an object, named by its path with `{}` behind arrays. Empty values
 * leave no field; null stays null for the interpreter to read; all else is text.
 */
export function layout(record: RawRecord, context: LayoutContext): TargetEvent {
  const { mapping, variant } = context;
  const event: Record<string, unknown> = {};
  const line = context.source.raw === 'line' ? record['line'] : undefined;
  const { macro: _macro, ...scope } = mapping.scope;
  if (typeof line === 'string') {
    addMoved(event, record, context);
    return Object.assign(event, scope, timesOf(record, context), { _raw: line });
  }
  const shape = shapeOfText(mapping);
  const stored = shape.kind === 'wrapped' ? wrapped(record, shape.keys) : record;
  if (shape.kind === 'unknown') addMoved(event, record, context);
  else addLeaves(event, stored, '');
  if (variant === 'add-on') {
    for (const [path, text] of standInsOf(mapping))
      if (!Object.hasOwn(event, path)) event[path] = text;
  }
  return Object.assign(event, scope, timesOf(record, context), { _raw: rawText(stored) });
}

/** The fields whose values end beyond what automatic extraction reads: Splunk may not have them. */
export function lateFields(record: RawRecord): readonly string[] {
  const late = new Set<string>();
  let length = 0;
  const write = (text: string): void => {
    length += Buffer.byteLength(text);
  };
  const walk = (value: unknown, name: string): void => {
    if (Array.isArray(value)) {
      write('[');
      value.forEach((item, index) => {
        if (index > 0) write(',');
        walk(item, `${name}{}`);
      });
      write(']');
    } else if (isObject(value)) {
      write('{');
      Object.entries(value).forEach(([key, inner], index) => {
        write(`${index > 0 ? ',' : ''}${JSON.stringify(key)}:`);
        walk(inner, name === '' ? key : `${name}.${key}`);
      });
      write('}');
    } else {
      write(rawText(value));
      if (length > extractionCutoff) late.add(name);
    }
  };
  walk(record, '');
  return [...late];
}

function addLeaves(event: Record<string, unknown>, value: unknown, name: string): void {
  if (Array.isArray(value)) {
    for (const item of value) addLeaves(event, item, `${name}{}`);
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      addLeaves(event, value[key], name === '' ? key : `${name}.${key}`);
    }
  } else if (value === null) add(event, name, null);
  else if (value !== undefined && value !== '') add(event, name, String(value));
}

/** Adds a value to a field of any name, `__proto__` too. */
function add(event: Record<string, unknown>, name: string, value: string | null): void {
  const before = event[name];
  if (before === undefined) event[name] = value;
  else if (!Object.hasOwn(event, name)) {
    Object.defineProperty(event, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (Array.isArray(before)) before.push(value);
  else event[name] = [before, value];
}

/** When the record happened and when it was indexed. */
function timesOf(
  record: RawRecord,
  { source, ingested }: LayoutContext,
): { readonly _time?: number; readonly _indextime?: number } {
  const time = eventTime(record, source);
  const indexed = ingested ?? time;
  return {
    ...(time !== undefined && { _time: time / 1000 }),
    ...(indexed !== undefined && { _indextime: Math.floor(indexed / 1000) }),
  };
}

/** A stored event with the time at which it was indexed, if it has none. */
export function takeIn(event: TargetEvent, time: number): TargetEvent {
  return '_indextime' in event ? event : { ...event, _indextime: Math.floor(time / 1000) };
}

/** When a stored event happened, milliseconds since 1970. */
export function storedTime(event: TargetEvent): number | undefined {
  const seconds = numberOf(String(event['_time']));
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

/**
 * Adds the fields under the names that the table has for them, those that a prelude makes left out; of a field that
 * it doesn't know, under its own.
 */
function addMoved(
  event: Record<string, unknown>,
  record: RawRecord,
  { source, mapping }: LayoutContext,
): void {
  const computed = preludeOf(mapping).columns;
  const later: (readonly [name: string, values: readonly unknown[]])[] = [];
  for (const { field, values } of leavesOf(record, source)) {
    const mapped = placeOf(mapping, field);
    if (mapped === undefined) addValues(event, stepsName(field.steps), values);
    for (const at of mapped?.places ?? []) {
      const words = values.map((value) =>
        value === null ? null : (writtenAt(at.place, String(value)) ?? ''),
      );
      const [kept] = at.place.stored;
      if (kept !== undefined) later.push([kept, words]);
      else if (!computed.has(fieldName(at))) addValues(event, fieldName(at), words);
    }
  }
  // A column that the prelude makes of several fields is kept in the first; the others have nothing to say.
  for (const { places } of mapping.entries)
    for (const { stored } of places) for (const name of stored) delete event[name];
  for (const [name, values] of later) addValues(event, name, values);
}

function addValues(event: Record<string, unknown>, name: string, values: readonly unknown[]): void {
  for (const value of values) {
    if (value !== '') add(event, name, value === null ? null : String(value));
  }
}

function wrapped(record: RawRecord, keys: readonly string[]): RawRecord {
  return keys.reduceRight<RawRecord>((inner, key) => ({ [key]: inner }), record);
}

const standIns = new WeakMap<Mapping, readonly (readonly [string, string])[]>();

/** The texts that stand where a field is absent. */
function standInsOf(mapping: Mapping): readonly (readonly [string, string])[] {
  const known = standIns.get(mapping);
  if (known !== undefined) return known;
  const made = mapping.entries.flatMap(({ places }) =>
    places.flatMap(({ path, absent }) => (absent === undefined ? [] : [[path, absent] as const])),
  );
  standIns.set(mapping, made);
  return made;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
