import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { resolveField } from '../logsource/resolve.ts';
import { equals, type Test } from '../match/test.ts';
import type { Predicate } from '../plan/predicate.ts';
import { fileStart } from '../text/span.ts';

/** What holds of every record of a log source, as far as it is about some fields. */
export function domainOf(source: LogSource, read: readonly Field[]): Predicate {
  const fields = new Map(read.map((field) => [field.name, field]));
  for (const { only } of read) {
    const other = only && resolveField(source, only.field);
    if (other !== undefined) fields.set(other.name, other);
  }
  return { kind: 'all', of: [...fields.values()].flatMap((field) => factsOf(field, source)) };
}

function factsOf(field: Field, source: LogSource): readonly Predicate[] {
  const { values, only, many } = field;
  const other = only && resolveField(source, only.field);
  const place = other && only && leaf(other, equals(only.equals));
  const texts =
    values === undefined || many ? [] : [values.map((text) => leaf(field, equals(text, true)))];
  return [...(place === undefined ? [] : [[place]]), ...texts].map((of) => whereThere(field, of));
}

/** One of the predicates holds, where the field is there at all. */
function whereThere(field: Field, of: readonly Predicate[]): Predicate {
  return { kind: 'any', of: [{ kind: 'not', of: leaf(field, { kind: 'exists' }) }, ...of] };
}

function leaf(field: Field, test: Test): Predicate {
  return { kind: 'field', field, test, span: fileStart };
}
