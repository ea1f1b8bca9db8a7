import type { Form } from '../../src/logsource/form.ts';
import { writeLine } from '../../src/logsource/forms.ts';
import { valueAt, withValue } from '../../src/logsource/raw-path.ts';
import type { RawRecord } from './meaning.ts';

/** A canonical record in a shape of its log: everything that stands at a place of its own there. */
export function inForm(record: RawRecord, form: Form): RawRecord | string {
  if (form.kind === 'line') return writeLine(form, record);
  const { within } = form;
  let raw =
    within === undefined ? {} : within.length === 0 ? record : withValue({}, within, record);
  for (const [field, place] of placesOf(form)) {
    const value = valueAt(record, field.split('.'));
    if (value !== undefined && value !== null) raw = withValue(raw, place, value);
  }
  for (const path of form.has) {
    if (valueAt(raw, path) === undefined) raw = withValue(raw, path, 'unknown');
  }
  return raw;
}

/** Where each field stands first; subtrees come before what lies in them. */
function placesOf({ fields }: Form & { kind: 'json' }): readonly (readonly [string, Path])[] {
  return [...fields]
    .flatMap(([field, origins]) => {
      const plain = origins.find(({ match, when }) => match === undefined && when.length === 0);
      return plain === undefined ? [] : [[field, plain.from] as const];
    })
    .sort(([, a], [, b]) => a.length - b.length);
}

type Path = readonly string[];
