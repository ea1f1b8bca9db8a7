import { elementsOf, fieldValues, keywordText } from '../logsource/record.ts';
import { compilePattern } from '../match/compile-pattern.ts';
import { compileRelation } from '../match/compile-relation.ts';
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
    pair({ field, other, relation, cased }) {
      const stands = compileRelation(relation, cased);
      return (record) => {
        const values = fieldValues(record, field);
        return fieldValues(record, other).some((right) =>
          values.some((left) => stands(left, right)),
        );
      };
    },
    element({ array, where }) {
      const holds = compilePredicate(where);
      return (record) => elementsOf(record, array).some(holds);
    },
    keyword({ pattern, cased, raw }) {
      const passes = compilePattern(pattern, cased);
      return (record) => passes(keywordText(record, raw ?? 'json'));
    },
  });
}
