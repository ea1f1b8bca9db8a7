import { jsonFormOf, toCanonical } from '../../logsource/forms.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { textOf, valueAt } from '../../logsource/raw-path.ts';
import { fieldValues } from '../../logsource/record.ts';
import { around, inOtherCase, type Probe, type Probes } from '../../mutate/probes.ts';
import type { Plan } from '../../plan/plan.ts';
import { isMap } from '../../text/is-map.ts';
import { isMade, recordOf, sourceOfEvent } from '../testing/event-source.ts';
import { openEvent, placeIn, type RawEvent } from '../testing/raw-event.ts';
import type { SampleStore } from '../testing/samples.ts';
import { getAt, setAt } from '../testing/set-path.ts';
import type { EventSpec } from '../testing/test-file.ts';

/** An event of a test that says how it is made. */
export type MadeEvent = Readonly<Record<string, unknown>>;

/** Events that differ in one thing from others, and what that is. */
export interface Change {
  readonly what: string;
  readonly events: readonly MadeEvent[];
}

/** What events are looked at with. */
export interface Bench {
  readonly samples: SampleStore;
  readonly testFile: string;
  /** The rule, and its mutant. */
  readonly plans: readonly [Plan, Plan];
  readonly probes: Probes;
}

/** Events as a test makes them, with the values of `each` set in all of them. */
export function madeEvents(
  events: readonly EventSpec[],
  each: Readonly<Record<string, unknown>>,
): readonly MadeEvent[] {
  return events.map(({ value }) => {
    const made: MadeEvent = isMade(value) ? value : { $record: value };
    return Object.entries(each).reduce((one, [path, text]) => withSet(one, path, text), made);
  });
}

/** Every change of one value in one event, then in all that have it: events may be joined by it. */
export function* valueChanges(
  events: readonly MadeEvent[],
  bench: Bench,
  which: keyof Probes,
): Generator<Change> {
  const places = events.map((event) => placesIn(event, bench, which));
  for (const [index, event] of events.entries()) {
    for (const { probe, path, own, isThere, write } of places[index] ?? []) {
      for (const value of valuesFor(probe, own).map(write)) {
        const changed = events.with(index, withSet(event, path, value));
        yield { what: shown(path, value), events: changed };
      }
      if (isThere) {
        for (const made of withouts(event, path))
          yield { what: `without ${path}`, events: events.with(index, made) };
      }
    }
  }
  if (events.length > 1) yield* commonChanges(events, places);
}

function* commonChanges(
  events: readonly MadeEvent[],
  places: readonly (readonly ProbedPlace[])[],
): Generator<Change> {
  for (const { probe, path, own, write } of places[0] ?? []) {
    const isIn = (index: number): boolean =>
      places[index]?.some((one) => one.path === path) === true;
    for (const value of valuesFor(probe, own).map(write)) {
      const all = events.map((event, index) => (isIn(index) ? withSet(event, path, value) : event));
      yield { what: `everywhere ${shown(path, value)}`, events: all };
    }
  }
}

function shown(path: string, value: unknown): string {
  return `${path}: ${JSON.stringify(value)}`;
}

/** A field of an event that plans ask for, and where it stands there or would stand. */
interface ProbedPlace {
  readonly probe: Probe;
  readonly path: string;
  readonly own: unknown;
  readonly isThere: boolean;
  /** What stands at the path when the field has a value. */
  write(value: unknown): unknown;
}

function placesIn(event: MadeEvent, bench: Bench, which: keyof Probes): readonly ProbedPlace[] {
  const opened = openMade(event, bench);
  if (opened === undefined) return [];
  const { raw, source } = opened;
  return (bench.probes[which].get(source.name) ?? []).flatMap((probe) => {
    const part = partOf(raw, probe, source);
    if (part !== undefined) return part;
    const path = pathOf(raw, probe, source);
    if (path === undefined) return [];
    const own = getAt(raw.record, path);
    return { probe, path, own, isThere: own !== undefined, write: (value) => value };
  });
}

/** A field that is read out of a longer text of the record. */
function partOf(raw: RawEvent, probe: Probe, source: LogSource): ProbedPlace | undefined {
  const form = raw.kind === 'json' ? jsonFormOf(raw.record, source) : undefined;
  const record = toCanonical(raw.record, source);
  if (form === undefined || record === undefined) return undefined;
  const own = fieldValues(record, probe.field)[0];
  const origins = form.fields.get(probe.field.name) ?? [];
  const from = origins.find((one) => valueAt(raw.record, one.from) !== undefined)?.from;
  const text = from && textOf(valueAt(raw.record, from));
  if (from === undefined || text === undefined || !own || text === own) return undefined;
  const [before, after, more] = text.split(own);
  if (after === undefined || more !== undefined) return undefined;
  const write = (value: unknown): string => `${before}${value}${after}`;
  return { probe, path: from.join('.'), own, isThere: true, write };
}

function openMade(
  event: MadeEvent,
  { samples, testFile, plans: [plan] }: Bench,
): { readonly raw: RawEvent; readonly source: LogSource } | undefined {
  const found = sourceOfEvent(event, plan);
  if (!('source' in found) || !isMade(event)) return undefined;
  const sample = recordOf(event, samples, testFile);
  if ('problem' in sample) return undefined;
  const opened = openEvent(sample.record, found.source);
  if ('problem' in opened) return undefined;
  const set = isMap(event['set']) ? event['set'] : {};
  const made = Object.entries(set).reduce<Readonly<Record<string, unknown>>>(
    (one, [path, value]) => setAt(one, path, value) ?? one,
    opened.record,
  );
  return { raw: { ...opened, record: made }, source: found.source };
}

/** Where an event has a field, or would have it; the first element of lists. */
function pathOf(raw: RawEvent, { field }: Probe, source: LogSource): string | undefined {
  const keys = field.steps.map(({ key }) => key);
  const place = placeIn(raw, keys.join('.'), source);
  if (place === undefined) return undefined;
  const path: string[] = [];
  let value: unknown = raw.record;
  for (const [index, key] of place.entries()) {
    path.push(key);
    value = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    const isList = place.length === keys.length && field.steps[index]?.array === true;
    if (!Array.isArray(value) && !(value === undefined && isList)) continue;
    if (!source.open.includes('**')) path.push('0');
    value = Array.isArray(value) ? value[0] : undefined;
  }
  return path.join('.');
}

/** Values to try in a field; booleans and numbers as such. */
function valuesFor({ field, texts }: Probe, own: unknown): readonly unknown[] {
  const text = textOf(own);
  if (field.type === 'boolean') return [true, false];
  const known = field.values ?? [];
  const near = text === undefined ? [] : [inOtherCase(text), ...around(text)];
  const all = [...new Set([...known, ...texts, ...near])].filter((one) => one !== text);
  return field.type === 'number'
    ? [...all, '-1'].filter((one) => /^-?\d+$/.test(one)).map(Number)
    : known.length > 0
      ? all.filter((one) => known.includes(one))
      : all;
}

function withSet(event: MadeEvent, path: string, value: unknown): MadeEvent {
  const set = isMap(event['set']) ? event['set'] : {};
  const unset = Array.isArray(event['unset']) ? event['unset'].filter((one) => one !== path) : [];
  const { unset: _, ...rest } = event;
  return { ...rest, set: { ...set, [path]: value }, ...(unset.length > 0 && { unset }) };
}

/** The event without a value: where the test sets it, not set, or else (its record may have one, too) taken away. */
function withouts(event: MadeEvent, path: string): readonly MadeEvent[] {
  const { set, ...rest } = event;
  if (!isMap(set) || !Object.hasOwn(set, path)) return [withUnset(event, path)];
  const kept = Object.fromEntries(Object.entries(set).filter(([key]) => key !== path));
  const unsetOnly = { ...rest, ...(Object.keys(kept).length > 0 && { set: kept }) };
  return [unsetOnly, withUnset(event, path)];
}

function withUnset(event: MadeEvent, path: string): MadeEvent {
  const set = isMap(event['set']) ? { ...event['set'] } : {};
  const unset = Array.isArray(event['unset']) ? event['unset'] : [];
  const kept = Object.fromEntries(Object.entries(set).filter(([key]) => key !== path));
  const { set: _, ...rest } = event;
  return {
    ...rest,
    ...(Object.keys(kept).length > 0 && { set: kept }),
    unset: [...unset, path],
  };
}
