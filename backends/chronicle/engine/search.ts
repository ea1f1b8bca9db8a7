import { QueryRunError, type RunResult, type TargetEvent } from '#backend';
import type { EventField, Expression, Search, Variable } from '../ast.ts';
import { printExpression } from '../print.ts';
import { openLists, unnest, wholeEvent } from './copies.ts';
import { compilePredicate, compileValue } from './evaluate.ts';
import { checkEventPart, withoutSource } from './event-of.ts';
import { nodesOf, unmodifiedFields } from './fields-of.ts';
import type { CallContext } from './functions.ts';
import { outcomesOf } from './outcomes.ts';
import { placeholdersOf } from './placeholders.ts';
import { type JointRow, type Row, rowOf, type Scope } from './scope.ts';
import type { Detection, Detector } from './single.ts';
import { typeOf } from './types.ts';
import { keyOf, type Value } from './value.ts';

/** Its events have no variable. */
const event = '';

/** A search made ready to run: a row for each group, of which none stands for a single event. */
export function compileSearch(search: Search, context: CallContext): Detector {
  const stripped = withoutSource(search);
  const { definitions, predicates } = placeholdersOf(stripped.events);
  const keys = stripped.match.map((of) => keyIn(of, definitions));
  const fields = [...predicates, ...definitions.values(), ...keys.map(({ value }) => value)];
  checkFields([...fields, ...stripped.outcome.map(({ value }) => value)]);
  const lists = fields.flatMap(unmodifiedFields).flatMap(openLists);
  const scope: Scope = {
    ...context,
    variables: definitions,
    slots: new Map([[event, 0]]),
    unnested: new Set(lists.map((list) => `${event}.${list}`)),
    isGroup: false,
  };
  const filters = predicates.map((predicate) => compilePredicate(predicate, scope));
  const reads = keys.map(({ value }) => compileValue(value, scope));
  const copiesOf = unnest(lists, context.readings);
  const outcomes = outcomesOf(stripped, { ...scope, isGroup: true });
  const columns = [
    ...keys.map(({ name, value }) => ({ name, type: columnType(value, scope) })),
    ...outcomes.columns,
  ];
  const sort = sorter(stripped, columns);
  return {
    columns,
    on(events) {
      const groups = new Map<
        string,
        { readonly key: readonly Value[]; readonly rows: JointRow[] }
      >();
      for (const at of rowsOf(events, copiesOf)) {
        const row = rowOf(at);
        if (!filters.every((filter) => filter(row))) continue;
        const key = reads.map((read) => read(row));
        const id = keyOf(key);
        const group = groups.get(id) ?? { key, rows: [] };
        groups.set(id, group);
        group.rows.push(at);
      }
      if (
        keys.length === 0 &&
        groups.size === 0 &&
        context.readings.of('search-without-events') === 'one-row'
      )
        groups.set('', { key: [], rows: [] });
      const found = [...groups.values()].map(({ key, rows }): Detection => {
        const row: Row = { at: rows[0] ?? [], rowsOf: () => ({ rows, times: 1 }), element: '' };
        return { values: [...key, ...outcomes.values.map((value) => value(row))], hit: undefined };
      });
      return sort(found).slice(0, stripped.limit);
    },
  };
}

function rowsOf(
  events: readonly TargetEvent[],
  copiesOf: ReturnType<typeof unnest>,
): readonly JointRow[] {
  return events.flatMap((one) => copiesOf(wholeEvent(one)).map((copy) => [copy]));
}

/** What a group is made by: a placeholder's value or a field. */
function keyIn(
  of: EventField | Variable,
  definitions: ReadonlyMap<string, Expression>,
): { readonly name: string; readonly value: Expression } {
  if (of.kind === 'field') return { name: printExpression(of), value: of };
  const value = definitions.get(of.name);
  if (value === undefined) throw new QueryRunError(`The filter doesn't say what $${of.name} is`);
  return { name: of.name, value };
}

function checkFields(values: readonly Expression[]): void {
  for (const node of values.flatMap(nodesOf)) {
    if (node.kind !== 'field') continue;
    if (node.event !== event)
      throw new QueryRunError(`A search with the event variable $${node.event} can't be run here`);
    checkEventPart(node);
  }
}

function columnType(value: Expression, { variables }: Scope): string {
  const type = typeOf(value, variables);
  return type === 'enum' || type === 'unknown' ? 'string' : type;
}

/** "If the order (asc or desc) is not specified, it defaults to asc"; rows that are equal in it stay as they are. */
function sorter(
  { order }: Search,
  columns: RunResult['columns'],
): (rows: readonly Detection[]) => readonly Detection[] {
  const by = order.map(({ of, descending }) => {
    const name = of.kind === 'variable' ? of.name : printExpression(of);
    const at = columns.findIndex((column) => column.name === name);
    if (at === -1) throw new QueryRunError(`${printExpression(of)} is no column to order by`);
    return { at, sign: descending ? -1 : 1 };
  });
  if (by.length === 0) return (rows) => rows;
  return (rows) =>
    [...rows].sort((a, b) => {
      for (const { at, sign } of by) {
        const [x, y] = [a.values[at] ?? '', b.values[at] ?? ''];
        if (x !== y) return x < y ? -sign : sign;
      }
      return 0;
    });
}
