import type { Field } from '../logsource/field.ts';
import { foldPredicate } from './fold.ts';
import type { Predicate } from './predicate.ts';

/** The fields that a predicate reads, each once, in its order. */
export function fieldsOf(predicate: Predicate): readonly Field[] {
  const byName = new Map<string, Field>();
  foldPredicate<void>(predicate, {
    all: () => {},
    any: () => {},
    not: () => {},
    field: ({ field }) => void byName.set(field.name, field),
    keyword: () => {},
  });
  return [...byName.values()];
}
