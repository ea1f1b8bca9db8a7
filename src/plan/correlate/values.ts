import type { Field } from '../../logsource/field.ts';
import { fieldValues } from '../../logsource/record.ts';
import { foldCase } from '../../match/case-fold.ts';
import type { Expression } from '../event-plan.ts';
import { fieldsIn } from '../fields-of.ts';

/** Reads the texts of an expression from a record: of `coalesce` those of the first field it has. Empty ones stay. */
export function compileValues(
  expression: Expression<Field>,
  fold: boolean,
): (record: unknown) => readonly string[] {
  const fields = fieldsIn(expression);
  return (record) => {
    for (const field of fields) {
      const values = fieldValues(record, field);
      if (values.length > 0) return fold ? values.map(foldCase) : values;
    }
    return [];
  };
}

/** The most combinations of several values that one event may have. */
const mostGroups = 10_000;

/** An event with more combinations of values than a machine should make. */
export class TooManyGroups extends Error {
  constructor() {
    super(`An event has more than ${mostGroups.toLocaleString('en-US')} combinations of values.`);
    this.name = 'TooManyGroups';
  }
}

const noKeys: readonly (readonly string[])[] = [[]];

/** Every combination of one value for each key; none where a key is absent or empty. */
export function groupsOf(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let groups = noKeys;
  for (const values of keys) {
    const distinct = [...new Set(values)].filter((value) => value !== '');
    if (groups.length * distinct.length > mostGroups) throw new TooManyGroups();
    groups = groups.flatMap((group) => distinct.map((value) => [...group, value]));
  }
  return groups;
}
