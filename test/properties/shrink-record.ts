import type { RawRecord } from '../support/meaning.ts';

/** A smaller record that still fails: keys and elements left out, texts shortened, one at a time. */
export function shrinkRecord(record: RawRecord, fails: (record: RawRecord) => boolean): RawRecord {
  let small = record;
  for (let smaller: RawRecord | undefined = small; smaller !== undefined; ) {
    small = smaller;
    smaller = smallerOf(small).filter(isMap).find(fails);
  }
  return small;
}

function smallerOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => [
      value.toSpliced(index, 1),
      ...smallerOf(item).map((smaller) => value.with(index, smaller)),
    ]);
  }
  if (isMap(value)) {
    return Object.entries(value).flatMap(([key, inner]) => {
      const { [key]: _, ...rest } = value;
      return [rest, ...smallerOf(inner).map((smaller) => ({ ...value, [key]: smaller }))];
    });
  }
  if (typeof value !== 'string' || value.length < 2) return [];
  const characters = [...value];
  return characters.map((_, index) => characters.toSpliced(index, 1).join(''));
}

function isMap(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
