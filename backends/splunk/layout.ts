import {
  type LayoutContext,
  leavesOf,
  type Mapping,
  placeOf,
  type RawRecord,
  type TargetEvent,
} from '#backend';
import { fieldName } from './field-name.ts';

/** Automatic extraction reads so many bytes of an event (limits.conf, extraction_cutoff). */
const extractionCutoff = 5000;

/**
 * A record as Splunk keeps it: the text in `_raw`, the time in `_time`, and a field for every key that
 * isn't an object, named by its path with `{}` behind arrays. Empty values leave no field; null stays
 * null for the interpreter to read; all else is text.
 */
export function layout(
  record: RawRecord,
  { source, mapping, variant }: LayoutContext,
): TargetEvent {
  const fields = new Map<string, (string | null)[]>();
  for (const leaf of leaves(record, '')) add(fields, leaf.name, leaf.value);
  const event: Record<string, unknown> = {};
  for (const [name, values] of [...fields, ...moved(record, { source, mapping, variant })]) {
    put(event, name, values.length === 1 ? values[0] : values);
  }
  Object.assign(event, scopeOf(mapping), timeOf(record, source.time), {
    _raw: JSON.stringify(record),
  });
  return variant === 'add-on' ? withStandIns(event, mapping) : event;
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
      write(JSON.stringify(value) ?? '');
      if (length > extractionCutoff) late.add(name);
    }
  };
  walk(record, '');
  return [...late];
}

/** Sets a field of any name, `__proto__` too. */
function put(event: Record<string, unknown>, name: string, value: unknown): void {
  if (name in event) {
    Object.defineProperty(event, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else event[name] = value;
}

interface Leaf {
  readonly name: string;
  readonly value: string | null;
}

function* leaves(value: unknown, name: string): Generator<Leaf> {
  if (Array.isArray(value)) {
    for (const item of value) yield* leaves(item, `${name}{}`);
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* leaves(inner, name === '' ? key : `${name}.${key}`);
    }
  } else if (value === null) yield { name, value };
  else if (value !== undefined && value !== '') yield { name, value: String(value) };
}

function add(fields: Map<string, (string | null)[]>, name: string, value: string | null): void {
  const values = fields.get(name);
  if (values === undefined) fields.set(name, [value]);
  else values.push(value);
}

function timeOf(record: RawRecord, path: string): { readonly _time?: number } {
  let value: unknown = record;
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? {} : { _time: time / 1000 };
}

function scopeOf({ scope }: Mapping): Readonly<Record<string, string>> {
  const { macro: _macro, ...fields } = scope;
  return fields;
}

/** Fields that the table has under another name than the record. */
function moved(
  record: RawRecord,
  { source, mapping }: LayoutContext,
): ReadonlyMap<string, (string | null)[]> {
  const fields = new Map<string, (string | null)[]>();
  if (keepsNames(mapping)) return fields;
  for (const { field, values } of leavesOf(record, source)) {
    for (const place of placeOf(mapping, field)?.places ?? []) {
      const name = fieldName(place);
      const path = field.steps.map(({ key, array }) => (array ? `${key}{}` : key)).join('.');
      if (name === path) continue;
      for (const value of values) {
        if (value !== '') add(fields, name, value === null ? null : String(value));
      }
    }
  }
  return fields;
}

const unmoved = new WeakMap<Mapping, boolean>();

function keepsNames(mapping: Mapping): boolean {
  const known = unmoved.get(mapping);
  if (known !== undefined) return known;
  const keeps = mapping.entries.every(({ field, places }) =>
    places.every(({ path }) => path.replaceAll('{}', '') === field),
  );
  unmoved.set(mapping, keeps);
  return keeps;
}

function withStandIns(event: Record<string, unknown>, mapping: Mapping): TargetEvent {
  const missing = mapping.entries.flatMap(({ places }) =>
    places.flatMap(({ path, absent }) =>
      absent === undefined || Object.hasOwn(event, path) ? [] : [[path, absent] as const],
    ),
  );
  return missing.length === 0 ? event : { ...event, ...Object.fromEntries(missing) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
