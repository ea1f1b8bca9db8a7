import { leastCount, type MappedCorrelation, type Schedule } from '#backend';
import type { Expression, JoinKey, NamedExpression, Operator, Pipeline } from '../ast.ts';
import { binary, call, chain, name, named, number, pipeline, timespan, where } from '../build.ts';
import { multiple, newlyEnded, newlyFinal, within } from '../schedule.ts';
import type { Events } from './events.ts';
import { type Measure, measure, summed } from './measure.ts';
import type { Names } from './names.ts';

/** What the forms of a correlation share. */
export interface Context {
  readonly plan: MappedCorrelation;
  readonly names: Names;
  /** The column of the moments that are joined. */
  readonly at: string;
  /** Of the correlation itself; those that take part in another have none of their own. */
  readonly schedule: Schedule | undefined;
  /** Gives a pipeline a name in the query. */
  define(wanted: string, of: Pipeline, comments: readonly string[], cached?: boolean): string;
}

/** Moments of groups: which columns say so. */
export interface Moments {
  readonly of: Pipeline;
  /** What is known of a moment beside its group and time. */
  readonly shown: readonly string[];
}

/** Equal group and time on both sides. */
export function on(columns: readonly string[]): readonly JoinKey[] {
  return columns.map((column) => ({ left: column, right: column }));
}

/** The different moments at which something happened to a group, as far as this run tells them. */
function moments({ schedule }: Context, { groups, time }: Events): readonly Operator[] {
  const distinct: Operator = { kind: 'distinct', columns: [...groups, time].map(name) };
  return schedule === undefined ? [distinct] : [distinct, where(newlyFinal(name(time), schedule))];
}

/**
 * Any condition on amounts: each moment of a group together with what happened within the window that ends
 * there. What happened is first summed up by moments, of which a window has only so many.
 */
export function windowed(context: Context, events: Events): Moments {
  const { plan, names, at } = context;
  const { table, groups, time } = events;
  if (plan.condition.kind === 'ordered') return ordered(context, events);
  const measured = measure(plan.condition, events, names);
  const right = pipeline(
    table,
    ...measured.prepare,
    happened(measured, groups, named(at, name(time))),
  );
  const total = measured.apart.length > 0 ? measured.of : summed(measured.of);
  return {
    of: pipeline(
      table,
      ...moments(context, events),
      { kind: 'join', mode: 'inner', right, on: on(groups) },
      where(within(at, time, plan.window)),
      summarize(
        total,
        [...groups, time].map((column) => named(column)),
      ),
      where(measured.holds),
    ),
    shown: measured.of.map((column) => column.name ?? ''),
  };
}

function happened(
  { of, apart }: Measure,
  groups: readonly string[],
  at: NamedExpression,
): Operator {
  const by = [...groups.map((column) => named(column)), at];
  return apart.length > 0
    ? summarize([], [...by, ...apart.map((column) => named(column))])
    : summarize(of, by);
}

/** `| summarize … by …` */
export function summarize(
  aggregates: readonly NamedExpression[],
  by: readonly NamedExpression[],
): Operator {
  return { kind: 'summarize', aggregates, by };
}

/** One event for each rule, in order: for each chain of the first rules' events its latest start. */
function ordered(context: Context, events: Events): Moments {
  const { plan, names, at, define } = context;
  const { table, groups, time, flags } = events;
  const [start, then] = [names.take('Start'), names.take('Then')];
  const by = groups.map((column) => named(column));
  const foundBy = (flag: string, ...columns: readonly NamedExpression[]): Pipeline =>
    pipeline(table, where(name(flag)), summarize([], [...by, ...columns]));
  const [first = '', ...others] = flags;
  const comment =
    'Chains: one event of each of the first rules, in order, by when they start and end.';
  let chains = define('Chains', foundBy(first, named(start, name(time)), named(at, name(time))), [
    comment,
  ]);
  const until = binary('+', name(start), timespan(plan.window));
  const follows = (of: string): Expression => ({
    kind: 'between',
    negated: false,
    of: name(of),
    from: name(at),
    to: until,
  });
  for (const flag of others) {
    const next = pipeline(
      chains,
      {
        kind: 'join',
        mode: 'inner',
        right: foundBy(flag, named(then, name(time))),
        on: on(groups),
      },
      where(follows(then)),
      summarize([{ name: start, value: call('max', name(start)) }], [...by, named(at, name(then))]),
    );
    chains = define('Chains', next, []);
  }
  return {
    of: pipeline(
      table,
      ...moments(context, events),
      { kind: 'join', mode: 'inner', right: pipeline(chains), on: on(groups) },
      where(follows(time)),
      { kind: 'distinct', columns: [...groups, time].map(name) },
    ),
    shown: [],
  };
}

/** N such that a window needs only N events, if that is all the condition asks. */
export function constantCount({ condition }: MappedCorrelation): number | undefined {
  return condition.kind === 'count' ? leastCount(condition.bounds) : undefined;
}

/**
 * At least N events: latest first, the event N - 1 rows on is the first of those N. The first row of a moment
 * has all events of that moment behind it, so its verdict is that of the whole moment.
 *
 * Whether `sort` tells upper from lower case isn't documented (sort-operator), so groups stand together by a
 * hash of their values.
 */
export function counted(
  count: number,
  { plan, names, schedule }: Context,
  { groups, time }: Events,
): { readonly operators: readonly Operator[]; readonly helpers: readonly string[] } {
  const due = schedule === undefined ? [] : [where(newlyFinal(name(time), schedule))];
  if (count <= 1) return { operators: due, helpers: [] };
  const take = (wanted: string): string => names.take(wanted);
  const [earliest, complete, completed] = [take('Earliest'), take('Complete'), take('Completed')];
  const group = groups.length === 0 ? undefined : take('GroupHash');
  const of = group === undefined ? undefined : take('EarliestGroup');
  const [only] = groups;
  const values =
    groups.length === 1 && only !== undefined
      ? name(only)
      : call('tostring', call('pack_array', ...groups.map(name)));
  const back = number(count - 1);
  const changed = [...(group === undefined ? [] : [group]), time].map((column) =>
    binary('!=', name(column), call('prev', name(column))),
  );
  const operators: readonly Operator[] = [
    ...(group === undefined
      ? []
      : [
          {
            kind: 'extend',
            columns: [{ name: group, value: call('hash_sha256', values) }],
          } as const,
        ]),
    {
      kind: 'sort',
      by: [
        ...(group === undefined
          ? []
          : [{ of: name(group), order: 'asc', nulls: 'first' } as const]),
        { of: name(time), order: 'desc', nulls: 'last' },
      ],
    },
    {
      kind: 'extend',
      columns: [
        { name: earliest, value: call('next', name(time), back) },
        ...(group === undefined || of === undefined
          ? []
          : [{ name: of, value: call('next', name(group), back) }]),
      ],
    },
    {
      kind: 'extend',
      columns: [
        {
          name: complete,
          value: call(
            'iff',
            chain('and', [
              call('isnotnull', name(earliest)),
              ...(group === undefined || of === undefined
                ? []
                : [binary('==', name(of), name(group))]),
              binary('<=', binary('-', name(time), name(earliest)), timespan(plan.window)),
            ]),
            number(1),
            number(0),
          ),
        },
      ],
    },
    {
      kind: 'extend',
      columns: [
        { name: completed, value: call('row_cumsum', name(complete), chain('or', changed)) },
      ],
    },
    where(binary('>', name(completed), number(0))),
    ...due,
  ];
  const helpers = [group, earliest, of, complete, completed].filter((one) => one !== undefined);
  return { operators, helpers };
}

/** Buckets instead of windows: a row for each bucket of a group that satisfies the condition. */
export function tumbling(
  { plan, names, schedule }: Context,
  events: Events,
  shown: readonly NamedExpression[],
): Pipeline | undefined {
  if (plan.condition.kind === 'ordered') return undefined;
  const { groups, time, pipeline: of } = events;
  const measured = measure(plan.condition, events, names);
  const bucket = { name: time, value: multiple(name(time), plan.window) };
  return {
    ...of,
    operators: [
      ...of.operators,
      ...measured.prepare,
      summarize([...measured.of, ...shown], [...groups.map((column) => named(column)), bucket]),
      where(measured.holds),
      ...(schedule === undefined ? [] : [where(newlyEnded(name(time), schedule, plan.window))]),
    ],
  };
}
