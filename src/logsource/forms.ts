import { capture } from '../match/regex/capture.ts';
import { isMap } from '../text/is-map.ts';
import type { Form, JsonForm, LineForm, Origin, RawPath } from './form.ts';
import type { LogSource } from './log-source.ts';
import { textOf, valueAt, withValue } from './raw-path.ts';

/** A record: a JSON object. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** The parts of a log source that say how its records come. */
type Shapes = Pick<LogSource, 'forms' | 'extract'>;

/** What a line form made of a text. */
export interface ReadLine {
  readonly form: LineForm;
  /** The fields of the groups. */
  readonly record: RawRecord;
  /** What stands around the record in the text. */
  readonly before: string;
  readonly after: string;
}

/**
 * A record in the canonical shape of its log source: a text as the first line form reads it that can, JSON by
 * the first form that it has, else as it is. Nothing of a text that no form reads, and of what is no record.
 */
export function toCanonical(raw: unknown, source: Shapes): RawRecord | undefined {
  if (typeof raw === 'string') {
    const read = readLine(raw, source);
    return read === undefined ? undefined : extracted({ ...read.record, line: raw }, source);
  }
  if (!isMap(raw)) return undefined;
  const form = jsonFormOf(raw, source);
  return extracted(form === undefined ? raw : lifted(raw, form), source);
}

/** The line of a canonical record: its own, or the one that the source's first line form writes. */
export function lineOf(record: unknown, { forms }: Pick<LogSource, 'forms'>): string | undefined {
  const own = valueAt(record, ['line']);
  if (typeof own === 'string') return own;
  const form = forms.find(isLineForm);
  return form === undefined ? undefined : writeLine(form, record);
}

/** What the first line form that can makes of a text. */
export function readLine(text: string, { forms }: Pick<LogSource, 'forms'>): ReadLine | undefined {
  for (const form of forms.filter(isLineForm)) {
    const found = capture(form.line, text);
    if (found === undefined) continue;
    let record: RawRecord = {};
    for (const [field, group] of form.fields) {
      const value = found.group(group);
      if (value) record = withValue(record, field.split('.'), value);
    }
    return { form, record, before: text.slice(0, found.start), after: text.slice(found.end) };
  }
  return undefined;
}

/** A canonical record as a line; an absent field is nothing. */
export function writeLine({ write }: LineForm, record: unknown): string {
  return write
    .map((part) =>
      'text' in part ? part.text : (textOf(valueAt(record, part.field.split('.'))) ?? ''),
    )
    .join('');
}

/** The form of a JSON record that isn't canonical. */
export function jsonFormOf(
  record: unknown,
  { forms }: Pick<LogSource, 'forms'>,
): JsonForm | undefined {
  return forms.find(
    (form): form is JsonForm =>
      form.kind === 'json' && form.has.every((path) => valueAt(record, path) !== undefined),
  );
}

/** Where a JSON record of a form has a canonical field as it is; nothing where it is made of something. */
export function rawPathOf(form: JsonForm, field: string, record: unknown): RawPath | undefined {
  const origins = form.fields.get(field);
  if (origins === undefined) {
    return form.within === undefined ? undefined : [...form.within, ...field.split('.')];
  }
  const chosen = origins.find(({ from }) => valueAt(record, from) !== undefined) ?? origins[0];
  return chosen === undefined || chosen.match !== undefined ? undefined : chosen.from;
}

/** Whether a source's records may be lines. */
export function hasLines({ forms }: Pick<LogSource, 'forms'>): boolean {
  return forms.some(isLineForm);
}

function isLineForm(form: Form): form is LineForm {
  return form.kind === 'line';
}

function lifted(raw: RawRecord, { within, fields }: JsonForm): RawRecord {
  const inner = within === undefined ? undefined : valueAt(raw, within);
  return filled(isMap(inner) ? inner : {}, raw, fields);
}

/** A canonical record with what is made of its other fields where it hasn't got it. */
function extracted(record: RawRecord, { extract }: Pick<LogSource, 'extract'>): RawRecord {
  const missing = [...extract].filter(([field]) => isNothing(valueAt(record, field.split('.'))));
  return filled(record, record, missing);
}

function filled(
  record: RawRecord,
  raw: RawRecord,
  fields: Iterable<readonly [string, readonly Origin[]]>,
): RawRecord {
  let made = record;
  for (const [field, origins] of fields) {
    const values = origins.map((origin) => originValue(raw, origin));
    const value = values.find((one) => !isNothing(one)) ?? values.find((one) => one !== undefined);
    if (value !== undefined) made = withValue(made, field.split('.'), value);
  }
  return made;
}

function originValue(raw: RawRecord, { from, match, when }: Origin): unknown {
  const holds = when.every(({ path, texts }) => {
    const text = textOf(valueAt(raw, path));
    return text !== undefined && texts.includes(text);
  });
  if (!holds) return undefined;
  const value = valueAt(raw, from);
  if (match === undefined) return value;
  const text = textOf(value);
  const found = text === undefined ? undefined : capture(match, text)?.group(1);
  return found === '' ? undefined : found;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
