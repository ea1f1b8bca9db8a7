import type { ReleasedOutput, ReleasedRule } from '#backend';
import type { NamedExpression, Operator, Query } from '../ast.ts';
import { parse } from '../parse.ts';

/**
 * The column of each output in a query's rows, by the output's name. It is called like the output unless something else
 * is, so that it is looked up in the query: the last columns that it makes, in the rule's order.
 */
export function outputColumns(rule: ReleasedRule): ReadonlyMap<string, string> {
  const made = madeColumns(parse(rule.query), rule.kind);
  const keyed = keyedOutputs(rule);
  const own = rule.outputs.filter(({ name }) => !keyed.has(name));
  const shown = own.length === made.length ? own : rule.outputs;
  return new Map([
    ...keyed,
    ...shown.flatMap(({ name }, index): readonly (readonly [string, string])[] => {
      const column = made[index];
      return column === undefined ? [] : [[name, column]];
    }),
  ]);
}

/** The outputs that are called as what a correlation groups by: the group's column shows them. */
function keyedOutputs({ outputs, keys }: ReleasedRule): ReadonlyMap<string, string> {
  const isColumn = ({ name }: ReleasedOutput, key: string): boolean =>
    key.startsWith(name) && /^(?:Value)*$/.test(key.slice(name.length));
  return new Map(
    outputs.flatMap((output): readonly (readonly [string, string])[] => {
      const key = keys.find((one) => isColumn(output, one));
      return key === undefined ? [] : [[output.name, key]];
    }),
  );
}

function madeColumns({ of }: Query, kind: ReleasedRule['kind']): readonly string[] {
  if (kind === 'event') {
    const last = of.operators.at(-1);
    return last?.kind === 'extend' ? namesOf(last.columns) : [];
  }
  const sets = of.operators.findLast((one) => setsIn(one).length > 0);
  return sets === undefined ? [] : namesOf(setsIn(sets));
}

/** The columns that show the values of a correlation's events. */
function setsIn(operator: Operator): readonly NamedExpression[] {
  if (operator.kind !== 'summarize') return [];
  return operator.aggregates.filter(
    ({ value }) => value.kind === 'call' && value.name === 'strcat_array',
  );
}

function namesOf(columns: readonly NamedExpression[]): readonly string[] {
  return columns.flatMap(({ name }) => name ?? []);
}
