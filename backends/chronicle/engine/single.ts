import type { RunResult, TargetEvent } from '#backend';
import type { Rule } from '../ast.ts';
import { parsePath } from '../parse.ts';
import { distinct } from './aggregations.ts';
import { type Counter, compileCondition } from './condition.ts';
import { openLists, unnest, wholeEvent } from './copies.ts';
import { compilePredicate, compileValue } from './evaluate.ts';
import { unmodifiedFields } from './fields-of.ts';
import type { CallContext } from './functions.ts';
import { outcomesOf } from './outcomes.ts';
import { placeholdersOf } from './placeholders.ts';
import { readerOf } from './read-field.ts';
import { type Row, rowOf, type Scope } from './scope.ts';
import type { Value } from './value.ts';

/** A rule made ready to run: a row for each detection, and the event that it is of if it is one. */
export interface Detector {
  readonly columns: RunResult['columns'];
  on(events: readonly TargetEvent[]): readonly Detection[];
}

/** A row, and the event it stands for. */
export interface Detection {
  readonly values: readonly Value[];
  readonly hit: number | undefined;
}

/** Every result begins with what tells events apart. */
const leading = [
  { name: 'metadata.event_timestamp', type: 'string' },
  { name: 'metadata.product_event_type', type: 'string' },
];

/** Compiles a rule over single events. */
export function compileSingle(rule: Rule, event: string, context: CallContext): Detector {
  const { definitions, predicates } = placeholdersOf(rule.events);
  const lists = [...predicates, ...definitions.values()]
    .flatMap(unmodifiedFields)
    .flatMap(openLists);
  const scope: Scope = {
    ...context,
    variables: definitions,
    slots: new Map([[event, 0]]),
    unnested: new Set(lists.map((list) => `${event}.${list}`)),
    isGroup: false,
  };
  for (const value of definitions.values()) compileValue(value, scope);
  const filters = predicates.map((predicate) => compilePredicate(predicate, scope));
  const copiesOf = unnest(lists, context.readings);
  const outcomes = outcomesOf(rule, scope);
  const condition = compileCondition(rule, counterIn(event, scope), outcomes.scope);
  const leads = leading.map(({ name }) =>
    readerOf({ kind: 'field', event, path: parsePath(name) }),
  );
  const detect = (one: TargetEvent): readonly Value[] | undefined => {
    const whole = wholeEvent(one);
    const rows = copiesOf(whole)
      .map((copy) => [copy])
      .filter((at) => {
        const row = rowOf(at);
        return filters.every((filter) => filter(row));
      });
    const [at] = rows;
    if (at === undefined) return undefined;
    const row: Row = { at, rowsOf: () => ({ rows, times: 1 }), element: '' };
    if (!condition(row)) return undefined;
    return [...leads.map((read) => read(whole)), ...outcomes.values.map((value) => value(row))];
  };
  return {
    columns: [...leading, ...outcomes.columns],
    on: (events) =>
      events.flatMap((one, hit) => {
        const values = detect(one);
        return values === undefined ? [] : [{ values, hit }];
      }),
  };
}

/** `#e` is 1; `#placeholder` is the number of distinct values among the copies of the event. */
function counterIn(event: string, scope: Scope): (name: string) => Counter | undefined {
  return (name) => {
    if (name === event) return { exists: () => true, count: () => 1 };
    const value = scope.variables.get(name);
    if (value === undefined) return undefined;
    const evaluate = compileValue(value, scope);
    return {
      exists: () => true,
      count: (row) => distinct(row.rowsOf([0], true).rows.map((at) => evaluate(rowOf(at)))).length,
    };
  };
}
