import { leastCount, type MappedCorrelation } from '#backend';
import type { Expression, JoinKey, NamedExpression, Operator, Pipeline } from '../ast.ts';
import {
  behind,
  binary,
  call,
  chain,
  extend,
  name,
  named,
  number,
  pipeline,
  project,
  summarize,
  timespan,
  where,
} from '../build.ts';
import { multiple, type NamedSchedule, newlyEnded, newlyFinal } from '../schedule.ts';
import type { Events } from './events.ts';
import { type Measure, measure, summed } from './measure.ts';
import type { Names } from './names.ts';

/** What the forms of a correlation share. */
export interface Context {
  readonly plan: MappedCorrelation;
  readonly names: Names;
  /** The column of the moments that are told. */
  readonly time: string;
  /** The columns of an event's time and of the bin that it is in. */
  readonly at: string;
  readonly bin: string;
  /** Of the correlation itself; those that take part in another have none of their own. */
  readonly schedule: NamedSchedule | undefined;
  /** Gives a pipeline a name in the query. */
  define(wanted: string, of: Pipeline, comments: readonly string[], cached?: boolean): string;
}

/** Moments of groups: which columns say so. */
export interface Moments {
  readonly of: Pipeline;
  /** What is known of a moment beside its group and time. */
  readonly shown: readonly string[];
}

/** Equal columns on both sides. */
export function on(columns: readonly string[]): readonly JoinKey[] {
  return columns.map((column) => ({ left: column, right: column }));
}

/** Columns under their own names. */
export function columnsOf(columns: readonly string[]): readonly NamedExpression[] {
  return columns.map((column) => named(column));
}

/** That a run tells a moment. */
export function due({ schedule, time }: Context): readonly Operator[] {
  return schedule === undefined ? [] : [where(newlyFinal(name(time), schedule))];
}

/** The different moments at which something happened to a group, as far as this run tells them. */
function moments(
  context: Context,
  { keys }: Events,
  ...more: readonly string[]
): readonly Operator[] {
  const { time, at } = context;
  const by = [...columnsOf(keys), named(time, name(at)), ...columnsOf(more)];
  return [summarize([], by), ...due(context)];
}

/** The bin of a moment: as long as the window, so that a window lies in two. */
export function binOf(moment: Expression, window: number): Expression {
  return call('bin', moment, timespan(window));
}

/**
 * A row for each bin that a length of time is in. Joined by these, rows meet only those near them, not all of
 * their group ("Joining within time window": join-time-window).
 */
function inBins({ bin, plan }: Context, from: Expression, to: Expression): Operator {
  const ends = [from, to].map((end) => binOf(end, plan.window));
  const of = call('range', ...ends, timespan(plan.window));
  return {
    kind: 'mv-expand',
    index: undefined,
    columns: [{ name: bin, of, type: 'datetime' }],
    limit: undefined,
  };
}

/** Joins moments with what happened in the windows that end there. */
export function joinWindow(
  context: Context,
  { keys }: Events,
  right: Pipeline,
): readonly Operator[] {
  const { plan, time, at, bin } = context;
  const start = binary('-', name(time), timespan(plan.window));
  return [
    inBins(context, start, name(time)),
    { kind: 'join', mode: 'inner', right, on: on([...keys, bin]) },
    where(between(at, start, name(time))),
  ];
}

function between(of: string, from: Expression, to: Expression): Expression {
  return { kind: 'between', negated: false, of: name(of), from, to };
}

/**
 * Any condition on amounts: each moment of a group together with what happened within the window that ends
 * there. What happened is first summed up by moments, of which a window has only so many.
 */
export function windowed(context: Context, events: Events, table: string): Moments {
  const { plan, names, time, at, bin } = context;
  const { keys } = events;
  if (plan.condition.kind === 'ordered') return ordered(context, events, table);
  const measured = measure(plan.condition, events, names);
  const happened = summedUp(measured, [...keys, at, bin]);
  const total = measured.apart.length > 0 ? measured.of : summed(measured.of);
  return {
    of: pipeline(
      table,
      ...moments(context, events),
      ...joinWindow(context, events, pipeline(table, ...measured.prepare, happened)),
      summarize(total, columnsOf([...keys, time])),
      where(measured.holds),
    ),
    shown: measured.of.map((column) => column.name ?? ''),
  };
}

function summedUp({ of, apart }: Measure, by: readonly string[]): Operator {
  return apart.length > 0
    ? summarize([], columnsOf([...by, ...apart]))
    : summarize(of, columnsOf(by));
}

/** One event for each rule, in order: for each chain of the first rules' events its latest start. */
function ordered(context: Context, events: Events, table: string): Moments {
  const { plan, names, time, at, bin, define } = context;
  const { keys, flags } = events;
  const [start, then] = [names.take('Start'), names.take('Then')];
  const [first = '', ...others] = flags;
  const until = binary('+', name(start), timespan(plan.window));
  const goOn = (right: Pipeline, to: string): readonly Operator[] => [
    inBins(context, name(at), until),
    { kind: 'join', mode: 'inner', right, on: on([...keys, bin]) },
    where(between(to, name(at), until)),
  ];
  const comment =
    'Chains: one event of each of the first rules, in order, by when they start and end.';
  const begun = pipeline(
    table,
    where(name(first)),
    summarize([], [...columnsOf(keys), named(start, name(at)), named(at)]),
  );
  let chains = define('Chains', begun, [comment]);
  for (const flag of others) {
    const by = [...columnsOf(keys), named(then, name(at)), named(bin)];
    const next = pipeline(
      chains,
      ...goOn(pipeline(table, where(name(flag)), summarize([], by)), then),
      summarize(
        [{ name: start, value: call('max', name(start)) }],
        [...columnsOf(keys), named(at, name(then))],
      ),
    );
    chains = define('Chains', next, []);
  }
  return {
    of: pipeline(chains, ...goOn(pipeline(table, ...moments(context, events, bin)), time), {
      kind: 'distinct',
      columns: [...keys, time].map(name),
    }),
    shown: [],
  };
}

/** N such that a window needs only N events, if that is all the condition asks. */
export function constantCount({ condition }: MappedCorrelation): number | undefined {
  return condition.kind === 'count' ? leastCount(condition.bounds) : undefined;
}

/**
 * At least N events: latest first, the event N - 1 rows on is the first of those N. Of a moment's rows the
 * first has the others behind it, so one of them is a hit if any could be; the moment is.
 *
 * Whether `sort` tells upper from lower case isn't documented (sort-operator), so groups stand together by a
 * hash of their values.
 */
export function counted(count: number, context: Context, events: Events, from: Pipeline): Moments {
  const { plan, names, time, at } = context;
  const { keys } = events;
  if (count <= 1) return { of: behind(from, ...moments(context, events)), shown: [] };
  const earliest = names.take('Earliest');
  const [group, ofGroup] =
    keys.length === 0 ? [] : [names.take('GroupHash'), names.take('EarliestGroup')];
  const back = number(count - 1);
  const hashed = group === undefined ? [] : [named(group, call('hash_sha256', oneOf(keys)))];
  const inWindow = binary('<=', binary('-', name(time), name(earliest)), timespan(plan.window));
  const same =
    group === undefined || ofGroup === undefined ? [] : [binary('==', name(ofGroup), name(group))];
  const next = (column: string): Expression => call('next', name(column), back);
  return {
    of: behind(
      from,
      project([...columnsOf(keys), named(time, name(at)), ...hashed]),
      {
        kind: 'sort',
        by: [
          ...(group === undefined
            ? []
            : [{ of: name(group), order: 'asc', nulls: 'first' } as const]),
          { of: name(time), order: 'desc', nulls: 'last' },
        ],
      },
      ...extend([
        { name: earliest, value: next(time) },
        ...(group === undefined || ofGroup === undefined
          ? []
          : [{ name: ofGroup, value: next(group) }]),
      ]),
      // Behind the last row there is null, of which nothing holds.
      where(chain('and', [...same, inWindow])),
      ...due(context),
      { kind: 'distinct', columns: [...keys, time].map(name) },
    ),
    shown: [],
  };
}

function oneOf(keys: readonly string[]): Expression {
  const [only] = keys;
  return keys.length === 1 && only !== undefined
    ? name(only)
    : call('tostring', call('pack_array', ...keys.map(name)));
}

/** Buckets instead of windows: a row for each bucket of a group that satisfies the condition. */
export function tumbling(
  { plan, names, time, schedule }: Context,
  events: Events,
  shown: readonly NamedExpression[],
): Pipeline | undefined {
  if (plan.condition.kind === 'ordered') return undefined;
  const measured = measure(plan.condition, events, names);
  const bucket = { name: time, value: multiple(name(time), plan.window) };
  return behind(
    events.events(events.rows),
    ...measured.prepare,
    summarize([...measured.of, ...shown], [...columnsOf(events.keys), bucket]),
    where(measured.holds),
    ...(schedule === undefined ? [] : [where(newlyEnded(name(time), schedule, plan.window))]),
  );
}
