import {
  eventTime,
  fieldValues,
  type LayoutContext,
  leavesOf,
  type MappedPlace,
  type Place,
  parseAddress,
  parseTime,
  placeOf,
  type RawRecord,
  type TargetEvent,
  writtenAt,
} from '#backend';
import type { PathStep } from './ast.ts';
import { placePath } from './place-path.ts';
import { isRepeated } from './udm.ts';

type Message = { [name: string]: unknown };

/**
 * A raw record as the default parser stores it: a UDM event. Empty texts leave nothing behind, fields
 * that the mapping doesn't know are dropped.
 */
export function layout(record: RawRecord, { source, mapping }: LayoutContext): TargetEvent {
  const time = eventTime(record, source);
  // Every UDM event has a time, whatever its parser keeps else.
  const timed = time !== undefined && { event_timestamp: instant(time) };
  const event: Message = { metadata: { ...mapping.scope, ...timed } };
  for (const { field, values } of leavesOf(record, source)) {
    const texts = values.flatMap((value) =>
      value === null || value === '' ? [] : [String(value)],
    );
    for (const at of placeOf(mapping, field)?.places ?? []) {
      put(
        event,
        at,
        texts.flatMap((text) => (holds(at.place, text) ? (writtenAt(at.place, text) ?? []) : [])),
      );
    }
  }
  for (const { field: name, absence } of mapping.entries) {
    const field = source.fields.get(name);
    if (absence === undefined || field === undefined) continue;
    const present = fieldValues(record, field).length > 0;
    const at: MappedPlace = { field, place: absence.place, rest: [] };
    put(event, at, [present ? absence.otherwise : absence.equals]);
  }
  return event;
}

function holds({ holds: what }: Place, text: string): boolean {
  return what === 'anything' || (parseAddress(text) !== undefined) === (what === 'addresses');
}

function put(event: Message, at: MappedPlace, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const path = placePath(at);
  const values = texts.flatMap((text) => typed(text, at.place.type));
  const last = path.at(-1);
  if (last?.kind === 'key') putEntries(event, path.slice(0, -1), last.key, values);
  else putValues(event, path, values);
}

function putValues(event: Message, path: readonly PathStep[], values: readonly unknown[]): void {
  const names = namesOf(path);
  const name = names.at(-1) ?? '';
  const message = messageAt(event, names.slice(0, -1));
  if (isRepeated(names.join('.'))) message[name] = [...listOf(message[name]), ...values];
  else if (values.length > 0) message[name] = values[0];
}

/** Labels are a list of keys and values; `additional.fields` is a map. */
function putEntries(
  event: Message,
  path: readonly PathStep[],
  key: string,
  values: readonly unknown[],
): void {
  const names = namesOf(path);
  const name = names.at(-1) ?? '';
  const message = messageAt(event, names.slice(0, -1));
  if (isRepeated(names.join('.'))) {
    const added = values.map((value) => ({ key, value }));
    message[name] = [...listOf(message[name]), ...added];
  } else {
    const map = messageAt(message, [name]);
    if (!Object.hasOwn(map, key)) define(map, key, values[0]);
  }
}

/** The message at a path, made where it is missing; of a repeated message its first element. */
function messageAt(event: Message, names: readonly string[]): Message {
  let message = event;
  for (const [at, name] of names.entries()) {
    const repeated = isRepeated(names.slice(0, at + 1).join('.'));
    const known = repeated ? listOf(message[name])[0] : message[name];
    const next: Message = typeof known === 'object' && known !== null ? (known as Message) : {};
    if (known === undefined) message[name] = repeated ? [next] : next;
    message = next;
  }
  return message;
}

function namesOf(path: readonly PathStep[]): readonly string[] {
  return path.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An own property under any name, `__proto__` too. */
function define(map: Message, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
}

/** The value as the place's type has it; zero values are forgotten like absent ones. */
function typed(text: string, type: string): readonly unknown[] {
  if (type === 'int')
    return /^-?[0-9]{1,15}$/.test(text) && Number(text) !== 0 ? [Number(text)] : [];
  if (type === 'bool') return text === 'true' ? [true] : [];
  if (type === 'time') return timeOf(text);
  return [text];
}

/** A time as the API writes it; whatever is none is dropped. */
function timeOf(text: string): readonly string[] {
  const time = parseTime(text);
  return time === undefined ? [] : [instant(time)];
}

function instant(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
