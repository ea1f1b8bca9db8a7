import type { NamedExpression, Operator, Pipeline } from '../ast.ts';
import { behind, call, name, named, pipeline, summarize, text } from '../build.ts';
import type { Events, Records } from './events.ts';
import { doubleOf } from './names.ts';
import { type Context, columnsOf, joinWindow, type Moments, on } from './windows.ts';

/** For each output the set of its values over the window, in order. */
export function showOutputs(
  hits: Pipeline,
  { shown }: Moments,
  context: Context,
  events: Events,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
): Pipeline {
  if (columns.length === 0) return hits;
  return behind(
    hits,
    ...joinWindow(context, events, pipeline(table)),
    summarize(setsOf(events.outputs, columns), columnsOf([...events.keys, context.time, ...shown])),
  );
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

/** The records of the moments. */
export function recordsAt(
  rows: Pipeline,
  hits: Pipeline,
  { keys, helpers }: Events,
  { time }: Context,
): Pipeline {
  const join = { kind: 'join', mode: 'leftsemi', right: hits, on: on([...keys, time]) } as const;
  return behind(rows, join, ...away(helpers));
}

/** The records of the moments, with what is known of these. */
export function withRecords(
  rows: Pipeline,
  hits: Pipeline,
  { keys, helpers }: Events,
  { time }: Context,
): Pipeline {
  const columns = [...keys, time];
  return behind(
    hits,
    { kind: 'join', mode: 'inner', right: rows, on: on(columns) },
    ...away([...columns.map(doubleOf), ...helpers]),
  );
}

/** The numbers of the records of all events, each once in a group, as rows. */
export function numbered(
  table: string,
  { keys }: Events,
  { time, at }: Context,
  { number }: Records,
): Pipeline {
  return pipeline(table, summarize([], [...columnsOf([number, ...keys]), named(time, name(at))]));
}

/** The records in place of their numbers. */
export function byNumber(of: Pipeline, { time }: Context, { table, number }: Records): Pipeline {
  return behind(
    of,
    { kind: 'join', mode: 'inner', right: pipeline(table), on: on([number]) },
    ...away([number, doubleOf(number), doubleOf(time)]),
  );
}

/** Leaves columns out, if any. */
export function away(columns: readonly string[]): readonly Operator[] {
  return columns.length === 0 ? [] : [{ kind: 'project-away', columns }];
}
