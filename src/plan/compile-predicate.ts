import { fieldValues, rawText } from '../logsource/record.ts';
import { compilePattern } from '../match/compile-pattern.ts';
import { compileTest } from '../match/compile-test.ts';
import { foldPredicate } from './fold.ts';
import type { Predicate } from './predicate.ts';

/** Makes a predicate ready to run on many raw records. */
export function compilePredicate(predicate: Predicate): (record: unknown) => boolean {
  return foldPredicate<(record: unknown) => boolean>(predicate, {
    all: (of) => (record) => of.every((part) => part(record)),
    any: (of) => (record) => of.some((part) => part(record)),
    not: (of) => (record) => !of(record),
    field({ field, test }) {
      const passes = compileTest(test);
      return (record) => fieldValues(record, field).some(passes);
    },
    keyword({ pattern, cased }) {
      const passes = compilePattern(pattern, cased);
      return (record) => passes(rawText(record));
    },
  });
}
