import { closeEvent, openEvent, placeIn, type RawEvent } from '../library/testing/raw-event.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Condition, Operation, OperationField } from '../logsource/operation.ts';
import { fieldValues } from '../logsource/record.ts';
import { resolveField } from '../logsource/resolve.ts';
import { capture } from '../match/regex/capture.ts';
import { isMap } from '../text/is-map.ts';

/** A record as its log has it: JSON, or a line. */
export type RawRecord = Readonly<Record<string, unknown>> | string;

/** What a rule asks of a field. */
export interface Ask {
  readonly field: string;
  /** The whole value, as the record has it. */
  readonly value: string;
  /** The end of the value that is asked for, instead of all of it. */
  readonly end: string | undefined;
}

/** What a record tells of what was done. */
export interface Facts {
  readonly source: LogSource;
  readonly raw: RawRecord;
  readonly event: RawEvent;
  /** The record in the shape of its log source. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly asks: readonly Ask[];
}

/** What a record of a log tells, or why it tells nothing. */
export function factsOf(
  raw: RawRecord,
  source: LogSource,
  operation: Operation,
): Facts | { readonly problem: string } {
  const event = openEvent(raw, source);
  if ('problem' in event) return { problem: String(event.problem) };
  const record = closeEvent(event, source);
  if ('problem' in record) return { problem: String(record.problem) };
  const asks = asksOf(record, source, operation);
  if (asks.length > 0) return { source, raw, event, record, asks };
  return { problem: whyNothing(record, source, operation) };
}

/** What a rule asks of the fields of a record that tell what was done. */
export function asksOf(
  record: unknown,
  source: LogSource,
  { by }: Pick<Operation, 'by'>,
): readonly Ask[] {
  return by.flatMap((one) => askOf(one, record, source));
}

/** The fields that the record lacks, and those that tell nothing of it. */
function whyNothing(record: unknown, source: LogSource, { by }: Operation): string {
  const isThere = ({ field }: OperationField): boolean =>
    (textsIn(record, field, source)[0] ?? '') !== '';
  const names = by.filter((one) => !isThere(one)).map(({ field }) => `"${field}"`);
  const lacks = `The record has none of the fields that tell what was done: ${names.join(', ')}`;
  const other = by.filter(isThere).map(({ field, when }) => {
    const conditions = when
      .filter((one) => !holdsIn(one, record, source))
      .map((one) => `"${one.field}" is ${one.texts.map((text) => `"${text}"`).join(' or ')}`);
    return `"${field}" tells it only where ${conditions.join(' and ')}`;
  });
  return `${[...(names.length > 0 ? [lacks] : []), ...other].join('; ')}.`;
}

/** The texts of a field of a record, by its name. */
export function textsIn(record: unknown, name: string, source: LogSource): readonly string[] {
  const field = resolveField(source, name);
  return field === undefined ? [] : fieldValues(record, field);
}

function askOf(
  { field, when, end }: OperationField,
  record: unknown,
  source: LogSource,
): readonly Ask[] {
  const [value] = textsIn(record, field, source);
  const holds = when.every((one) => holdsIn(one, record, source));
  if (value === undefined || value === '' || !holds) return [];
  const group = end === undefined ? undefined : capture(end, value)?.group(1);
  const isEnd = group !== undefined && group !== '' && value.endsWith(group);
  return [{ field, value, end: isEnd ? group : undefined }];
}

function holdsIn({ field, texts }: Condition, record: unknown, source: LogSource): boolean {
  return textsIn(record, field, source).some((text) => texts.includes(text));
}

/**
 * Where a record as it came holds the values of a field: paths with dots, as tests write them. Nothing where it has
 * none, makes the field of something else, or has keys with dots in them on the way.
 */
export function pathsIn(event: RawEvent, name: string, source: LogSource): readonly string[] {
  const place = placeOf(event, name, source);
  return place === undefined ? [] : concrete(event.record, place, []);
}

/** Where a test may set a field: where the record has it, or else would have its only value. */
export function pathFor(event: RawEvent, name: string, source: LogSource): string | undefined {
  const [there] = pathsIn(event, name, source);
  const place = placeOf(event, name, source);
  const field = resolveField(source, name);
  if (there !== undefined || place === undefined || field === undefined) return there;
  const extra = place.length - field.steps.length;
  return place
    .flatMap((key, index) => (field.steps[index - extra]?.array === true ? [key, '0'] : [key]))
    .join('.');
}

function placeOf(event: RawEvent, name: string, source: LogSource): readonly string[] | undefined {
  const field = resolveField(source, name);
  const place = field === undefined ? undefined : placeIn(event, field.name, source);
  return place?.some((key) => key.includes('.')) === true ? undefined : place;
}

function concrete(
  value: unknown,
  [key, ...rest]: readonly string[],
  path: readonly string[],
): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      concrete(item, key === undefined ? [] : [key, ...rest], [...path, String(index)]),
    );
  }
  if (key === undefined) return value === undefined || value === null ? [] : [path.join('.')];
  if (!isMap(value) || !Object.hasOwn(value, key)) return [];
  return concrete(value[key], rest, [...path, key]);
}
