import type { Readings } from './readings.ts';
import { distinct, type Row, type Run, read, type Scalar, textOf, valuesOf } from './value.ts';

/** The values of the by-fields that make a group; nothing where a kept group has none. */
export type Key = readonly (Scalar | undefined)[];

/**
 * The groups that a row belongs to: one for each value of a by-field that holds several, the same
 * group twice where a value stands twice (unless `distinct`). Without a by-field: none, as read.
 */
export function keysOf(
  row: Row,
  by: readonly string[],
  run: Run,
  mode: 'repeated' | 'distinct' = 'repeated',
): readonly Key[] {
  let keys: readonly Key[] = [[]];
  for (const field of by) {
    const values = valuesOf(read(row, field, run));
    if (values.length === 0 && !keepsNull(run.readings, run)) return [];
    const parts =
      values.length === 0 ? [undefined] : mode === 'distinct' ? distinct(values) : values;
    keys = keys.flatMap((key) => parts.map((part) => [...key, part]));
  }
  return keys;
}

/** A group's identity: values are texts. */
export function keyText(key: Key): string {
  return JSON.stringify(key.map((part) => (part === undefined ? null : textOf(part))));
}

function keepsNull(readings: Readings, run: Run): boolean {
  const kept = readings['stats-null-by'] === 'kept';
  run.assume(
    kept
      ? 'Events without a by-field make a group of their own.'
      : 'Events without a by-field are left out of the groups.',
  );
  return kept;
}
