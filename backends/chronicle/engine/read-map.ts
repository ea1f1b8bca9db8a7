import { QueryRunError } from '#backend';
import type { EventField } from '../ast.ts';
import { member } from './member.ts';
import type { FieldReader } from './read-field.ts';
import type { Readings } from './readings.ts';

/**
 * A reader of one key of a Struct or of labels. "Map accesses always return a single value", the first
 * of several, also of several under repeated messages above; always a string.
 */
export function mapReaderOf({ path }: EventField, readings: Readings): FieldReader {
  const key = path.at(-1);
  const names = path.slice(0, -1).flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  if (key?.kind !== 'key' || names.length !== path.length - 1) {
    throw new QueryRunError("A map's key can't be combined with an index");
  }
  const above = names.slice(0, -1);
  const last = names.at(-1) ?? '';
  return ({ event }) => {
    let messages: readonly unknown[] = [event];
    for (const name of above) messages = messages.flatMap((message) => member(message, name));
    for (const message of messages) {
      const value = entryOf(mapIn(message, last), key.key);
      if (value !== undefined && value !== null) return asText(value, readings);
    }
    return '';
  };
}

/** `additional` is itself a Struct: the API writes its entries without `fields`. */
function mapIn(message: unknown, name: string): unknown {
  return member(message, name) ?? (name === 'fields' ? message : undefined);
}

function entryOf(map: unknown, key: string): unknown {
  if (Array.isArray(map)) {
    const label: unknown = map.find((entry) => member(entry, 'key') === key);
    const value = member(label, 'value');
    return member(value, 'string_value') ?? value;
  }
  if (typeof map !== 'object' || map === null || !Object.hasOwn(map, key)) return undefined;
  return (map as Readonly<Record<string, unknown>>)[key];
}

function asText(value: unknown, readings: Readings): string {
  if (typeof value === 'string') return value;
  if (readings.of('map-value-of-other-type') === 'zero-value') return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
