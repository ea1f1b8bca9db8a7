import { closeEvent, openEvent, setIn } from '../library/testing/raw-event.ts';
import { setAt } from '../library/testing/set-path.ts';
import type { Field } from '../logsource/field.ts';
import type { LineForm } from '../logsource/form.ts';
import { toCanonical } from '../logsource/forms.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Items, Operation } from '../logsource/operation.ts';
import { resolveField } from '../logsource/resolve.ts';
import { type RawRecord, textsIn } from './facts.ts';
import { identityOf, partsOf } from './operation-of.ts';

/** Two records of a log that tell of different operations: those that its log source gives, or made-up ones. */
export function exampleRecords(
  source: LogSource,
  operation: Operation,
): readonly [RawRecord, RawRecord] {
  const [one, two] = operation.examples;
  const first = one ?? madeUp(source, operation);
  const record = recordOf(source, first);
  const second = two ?? { ...first, ...changed(source, operation, record) };
  return [record, recordOf(source, second)];
}

/** A record of fields and their values: a line, where the log comes as lines. */
function recordOf(source: LogSource, items: Items): RawRecord {
  const form = source.forms.find((one): one is LineForm => one.kind === 'line');
  if (form !== undefined) return lineOf(source, form, items);
  return Object.entries(items).reduce<Readonly<Record<string, unknown>>>(
    (record, [name, value]) => {
      const field = resolveField(source, name);
      const keys = field?.steps.flatMap(({ key, array }) => (array ? [key, '0'] : [key]));
      return setAt(record, keys ?? [name], value) ?? record;
    },
    {},
  );
}

/** The form's own example with other values; what the form doesn't hold is left out. */
function lineOf(source: LogSource, form: LineForm, items: Items): RawRecord {
  let event = openEvent(form.example, source);
  for (const [name, value] of Object.entries(items)) {
    const next = 'problem' in event || !form.fields.has(name) ? event : setIn(event, name, value);
    if (!('problem' in next)) event = next;
  }
  const closed = 'problem' in event ? undefined : closeEvent(event, source);
  const line = closed !== undefined && 'line' in closed ? closed['line'] : undefined;
  return typeof line === 'string' ? line : form.example;
}

/** Values for the fields that every rule needs: the time, the operation, who acted, and that it succeeded. */
function madeUp(source: LogSource, { by, succeeded }: Operation): Items {
  const ends = Object.entries(succeeded).flatMap(([key, given]) => {
    const value: unknown = Array.isArray(given) ? given[0] : given;
    const isPlain = !key.includes('|') && value !== null && value !== undefined;
    return isPlain ? [[key, value] as const] : [];
  });
  if (source.forms.some(({ kind }) => kind === 'line')) return Object.fromEntries(ends);
  const identity = identityOf(source, () => false);
  const [actor] = identity === undefined ? [] : partsOf(source, identity);
  const names = [source.unit, actor, ...by.map(({ field }) => field)];
  const fields = names.flatMap((name) =>
    name === undefined ? [] : (resolveField(source, name) ?? []),
  );
  return Object.fromEntries([
    [source.time, '2026-01-15T12:00:00Z'],
    ...fields.map((field) => [field.name, exampleOf(field)] as const),
    ...ends,
  ]);
}

function exampleOf({ type, values, name }: Field): string | number | boolean {
  if (values?.[0] !== undefined) return values[0];
  switch (type) {
    case 'boolean':
      return true;
    case 'number':
      return 1;
    case 'address':
      return '203.0.113.40';
    case 'string':
    case 'any':
      return `example-${name.split('.').at(-1) ?? name}`;
  }
}

/** Another value of the narrowest field that tells what was done. */
function changed(source: LogSource, { by }: Operation, record: RawRecord): Items {
  const name = by.at(-1)?.field ?? '';
  const [text = 'Example'] = textsIn(toCanonical(record, source), name, source);
  const { type, values } = resolveField(source, name) ?? {};
  if (type === 'boolean') return { [name]: text !== 'true' };
  if (type === 'number') return { [name]: Number(text) + 1 };
  return { [name]: values?.find((value) => value !== text) ?? `${text}Next` };
}
