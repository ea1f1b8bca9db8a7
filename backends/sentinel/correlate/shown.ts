import type { NamedExpression, Operator, Pipeline } from '../ast.ts';
import { call, name, named, pipeline, text, where } from '../build.ts';
import { within } from '../schedule.ts';
import type { Events, Records } from './events.ts';
import { type Context, type Moments, on, summarize } from './windows.ts';

/** For each output the set of its values over the window, in order. */
export function showOutputs(
  hits: Pipeline,
  { shown }: Moments,
  { plan, at }: Context,
  { table, groups, time, outputs }: Events,
  columns: readonly string[],
): Pipeline {
  if (columns.length === 0) return hits;
  const right = pipeline(table, {
    kind: 'project',
    columns: [
      ...groups.map((column) => named(column)),
      named(at, name(time)),
      ...outputs.map(({ column }) => named(column)),
    ],
  });
  return {
    ...hits,
    operators: [
      ...hits.operators,
      { kind: 'join', mode: 'inner', right, on: on(groups) },
      where(within(at, time, plan.window)),
      summarize(
        setsOf(outputs, columns),
        [...groups, time, ...shown].map((column) => named(column)),
      ),
    ],
  };
}

/** The set of a column's texts as one text, whatever order they came in. */
export function setsOf(
  outputs: Events['outputs'],
  columns: readonly string[],
): readonly NamedExpression[] {
  return outputs.map(({ column, list }, i) => {
    const of = name(column);
    const set = list ? call('make_set', of) : call('make_set_if', of, call('isnotempty', of));
    return {
      name: columns[i],
      value: call('strcat_array', call('array_sort_asc', set), text(', ')),
    };
  });
}

/** Moments become the events that happened then. */
export function withEvents(
  hits: Pipeline,
  { table, groups, keys, time, flags, values, outputs }: Events,
): Pipeline {
  const columns = [...groups, time];
  const doubled = columns.map((column) => `${column}1`);
  const internal = groups.filter((column) => !keys.includes(column));
  const made = [...flags, ...[...values, ...outputs].map(({ column }) => column)];
  return {
    ...hits,
    operators: [
      ...hits.operators,
      { kind: 'join', mode: 'inner', right: pipeline(table), on: on(columns) },
      ...away([...doubled, ...internal, ...made]),
    ],
  };
}

/** The same where an event may have several rows: each record once. */
export function withRecords(
  hits: Pipeline,
  { table, groups, keys, time }: Events,
  { table: records, number }: Records,
): Pipeline {
  const columns = [...groups, time];
  const distinct = pipeline(table, { kind: 'distinct', columns: [number, ...columns].map(name) });
  const internal = groups.filter((column) => !keys.includes(column));
  return {
    ...hits,
    operators: [
      ...hits.operators,
      { kind: 'join', mode: 'inner', right: distinct, on: on(columns) },
      ...away([...columns.map((column) => `${column}1`), ...internal]),
      { kind: 'join', mode: 'inner', right: pipeline(records), on: on([number]) },
      ...away([`${number}1`, `${time}1`]),
    ],
  };
}

/** Leaves columns out, if any. */
export function away(columns: readonly string[]): readonly Operator[] {
  return columns.length === 0 ? [] : [{ kind: 'project-away', columns }];
}
