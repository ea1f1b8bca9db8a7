import type { LineForm } from '../../logsource/form.ts';
import { jsonFormOf, rawPathOf, readLine, toCanonical, writeLine } from '../../logsource/forms.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { textOf, valueAt } from '../../logsource/raw-path.ts';
import { maxDepth } from '../../logsource/record.ts';
import { setAt, unsetAt } from './set-path.ts';

/** A raw record. */
type Row = Readonly<Record<string, unknown>>;

/** An event of a case as its log has it, open to changes: of a line, what it says. */
export type RawEvent =
  | { readonly kind: 'json'; readonly record: Row }
  | {
      readonly kind: 'line';
      readonly text: string;
      readonly form: LineForm;
      readonly before: string;
      readonly after: string;
      readonly record: Row;
      readonly changed: boolean;
    };

/** Why an event can't be as wished. */
export interface EventProblem {
  readonly problem: string;
}

/** An event of a map or a text. */
export function openEvent(raw: Row | string, source: LogSource): RawEvent | EventProblem {
  if (typeof raw !== 'string') return { kind: 'json', record: raw };
  const read = readLine(raw, source);
  if (read === undefined) {
    return { problem: `No form of ${source.title} reads the text ${shownText(raw)}.` };
  }
  return { kind: 'line', text: raw, changed: false, ...read };
}

/** The event with a value at a path of its record, of a line in one of its fields. */
export function setIn(
  event: RawEvent,
  path: string | readonly string[],
  value: unknown,
): RawEvent | EventProblem {
  const name = typeof path === 'string' ? path : path.join('.');
  const depth = typeof path === 'string' ? path.split('.').length : path.length;
  if (depth > maxDepth)
    return { problem: `The path lies ${depth} keys deep: records nest ${maxDepth} levels deep.` };
  const lacking = event.kind === 'line' ? lackingField(event, name) : undefined;
  if (lacking !== undefined) return lacking;
  const record = setAt(event.record, path, value);
  if (record !== undefined) return changed(event, record);
  return {
    problem: `"${name}" leaves a gap in a list: an index is at most the list's length.`,
  };
}

/** The event without the value at a path. */
export function unsetIn(event: RawEvent, path: string): RawEvent | EventProblem {
  const lacking = event.kind === 'line' ? lackingField(event, path) : undefined;
  if (lacking !== undefined) return lacking;
  const record = unsetAt(event.record, path);
  return record === undefined
    ? { problem: `The sample has no "${path}" to unset.` }
    : changed(event, record);
}

/** Where an event has a field of its source as it is, or nothing. */
export function placeIn(
  event: RawEvent,
  field: string,
  source: LogSource,
): readonly string[] | undefined {
  if (event.kind === 'line') return event.form.fields.has(field) ? field.split('.') : undefined;
  const form = jsonFormOf(event.record, source);
  return form === undefined ? field.split('.') : rawPathOf(form, field, event.record);
}

/** The record that the source makes of the event; a line that was changed is written and read anew. */
export function closeEvent(event: RawEvent, source: LogSource): Row | EventProblem {
  if (event.kind === 'json') return toCanonical(event.record, source) ?? event.record;
  const { form, record, before, after } = event;
  const text = event.changed ? `${before}${writeLine(form, record)}${after}` : event.text;
  const read = toCanonical(text, source);
  const shown = shownText(text);
  if (read === undefined) {
    return { problem: `No form of ${source.title} reads the line that is written: ${shown}.` };
  }
  const lost = [...form.fields.keys()].find(
    (field) => valueText(read, field) !== valueText(record, field) || isContainer(record, field),
  );
  if (lost === undefined) return read;
  return { problem: `The line can't say the value of "${lost}": ${shown} is read back otherwise.` };
}

/** How much of a line is shown. */
const most = 200;

function shownText(text: string): string {
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}

/** Lists and maps are no values of a line. */
function isContainer(record: Row, field: string): boolean {
  const value = valueAt(record, field.split('.'));
  return typeof value === 'object' && value !== null;
}

function valueText(record: unknown, field: string): string {
  return textOf(valueAt(record, field.split('.'))) ?? '';
}

/** Lines say only what their form reads. */
function lackingField(
  { form }: RawEvent & { kind: 'line' },
  field: string,
): EventProblem | undefined {
  if (form.fields.has(field)) return undefined;
  const known = [...form.fields.keys()].join(', ');
  return {
    problem: `A line of the form "${form.name}" has no "${field}" that could be changed: it has ${known}.`,
  };
}

function changed(event: RawEvent, record: Row): RawEvent {
  return event.kind === 'json' ? { kind: 'json', record } : { ...event, record, changed: true };
}
