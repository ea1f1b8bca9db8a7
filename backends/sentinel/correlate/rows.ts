import type { LogSource, MappedCorrelation } from '#backend';
import type { Let, Pipeline } from '../ast.ts';
import { behind, call, name, pipeline } from '../build.ts';
import { type NamedSchedule, needed } from '../schedule.ts';
import {
  binsComment,
  countComment,
  eventsComment,
  lengthOf,
  oneLine,
  windowComment,
  wrapped,
} from './comments.ts';
import { type Events, eventsOf, type Records } from './events.ts';
import { keyColumns, type Names, type QueryNames, withDoubles } from './names.ts';
import { recordsOf, type Saying } from './parts.ts';
import { findersIn } from './repeats.ts';
import { away, byNumber, numbered, recordsAt, setsOf, showOutputs, withRecords } from './shown.ts';
import { binOf, type Context, constantCount, counted, due, tumbling, windowed } from './windows.ts';

/** The code of the loss that fixed buckets are. */
export const tumblingCode = 'window-tumbling';

/** What making the rows of a correlation needs. */
export interface Build {
  readonly lets: Let[];
  readonly names: QueryNames;
  /** The columns of an event's time: in its table, where windows are joined, and the bin that it is in. */
  readonly time: string;
  readonly timeOf: (source: LogSource) => string;
  readonly at: string;
  readonly bin: string;
  readonly saying: Saying;
  /** The columns of the outputs that aren't keys. */
  readonly outputs: readonly string[];
  readonly schedule: NamedSchedule | undefined;
  /** Where events have to be told apart. */
  readonly records: Records | undefined;
  /** How long before a moment that a run tells something may matter to it. */
  readonly reach: number;
  /** Whether the hits take part in another correlation. */
  readonly inner: boolean;
}

/** The rows of a query and what they are. */
export interface HitRows {
  readonly of: Pipeline;
  /** What the rows are. */
  readonly comments: readonly string[];
  /** What the conditions on them mean, where these stand in no definition of their own. */
  readonly asked: readonly string[];
}

function define({ lets, names }: Build): Context['define'] {
  return (wanted, of, comments, cached = false) => {
    // What has a name already needs no other.
    if (of.source.kind === 'table' && of.operators.length === 0) return of.source.name;
    const table = names.take(wanted);
    const value = cached ? call('materialize', { kind: 'subquery', of }) : of;
    const lines = comments.flatMap(wrapped);
    lets.push({ name: table, value, ...(lines.length > 0 && { comments: lines }) });
    return table;
  };
}

/** The names of one correlation's columns. */
function columnNames({ groupBy }: MappedCorrelation, build: Build): Names {
  const { names, time, bin, outputs, records } = build;
  const number = records === undefined ? [] : [records.number];
  return names.columns([
    ...withDoubles([...keyColumns(groupBy), time, bin, ...number]),
    ...outputs,
  ]);
}

function makeEvents(
  plan: MappedCorrelation,
  build: Build,
  { names, times }: { readonly names: Names; readonly times: Times },
): Events | undefined {
  const { saying, records, time, timeOf } = build;
  return eventsOf(plan, {
    names,
    saying,
    time,
    timeOf,
    times,
    records,
    bounds: (column) => bounds(build, column, build.reach),
    define: define(build),
    nested(inner) {
      // Only what the query shows in the end has outputs and is told by schedule.
      const rows = hitRows(
        { ...inner, outputs: [], schedule: undefined },
        { ...build, outputs: [], reach: build.reach + inner.window, inner: true },
      );
      if (rows === undefined) return undefined;
      const comments = [`Hits of ${oneLine(inner.rule.title)}.`, ...rows.asked];
      // Whole rows are read twice, numbers of records once.
      const table = define(build)('Inner', rows.of, comments, build.records === undefined);
      return { table, keys: keyColumns(inner.groupBy) };
    },
  });
}

type Times = Parameters<typeof eventsOf>[1]['times'];

/** What a run needs of the table. */
function bounds({ schedule }: Build, time: string, reach: number): Bounds {
  return schedule && needed(name(time), schedule, reach);
}

type Bounds = Parameters<typeof recordsOf>[1];

/** The completing events, each with its group. */
export function hitRows(plan: MappedCorrelation, build: Build): HitRows | undefined {
  const { outputs, inner, records, time } = build;
  const count = constantCount(plan);
  const names = columnNames(plan, build);
  const isJoined = count === undefined || outputs.length > 0;
  const isApart = isJoined || records !== undefined;
  const at = isApart ? build.at : time;
  const schedule = inner ? undefined : build.schedule;
  const context: Context = { ...{ plan, names, time, at, schedule }, ...joins(build) };
  if (count !== undefined && count <= 1 && !isApart) return allRows(context, build);
  const times = [
    ...(isApart ? [{ name: at, value: name(time) }] : []),
    ...(isJoined ? [{ name: build.bin, value: binOf(name(time), plan.window) }] : []),
  ];
  const events = makeEvents(plan, build, { names, times });
  if (events === undefined) return undefined;
  const { rows, table } = defined(plan, events, isApart, build);
  const found =
    count === undefined
      ? windowed(context, events, table)
      : counted(count, context, events, isApart ? pipeline(table) : rows);
  const comment = count === undefined ? windowComment(plan) : countComment(count, plan);
  const hits = pipeline(context.define('Hits', found.of, [comment]));
  const told = records === undefined ? rows : numbered(table, events, context, records);
  const isPlain = outputs.length === 0 && (inner || found.shown.length === 0);
  const shown = { table, columns: outputs };
  const of = isPlain
    ? recordsAt(told, hits, events, context)
    : withRecords(told, showOutputs(hits, found, context, events, shown), events, context);
  return {
    comments: [
      `The events of these moments${outputs.length > 0 ? ', with what is shown of their windows' : ''}.`,
    ],
    asked: [],
    of: records === undefined || inner ? of : byNumber(of, context, records),
  };
}

function joins(build: Build): Pick<Context, 'bin' | 'define'> {
  return { bin: build.bin, define: define(build) };
}

/** Where any event is a hit, all rows are; nothing before them matters. */
function allRows(context: Context, build: Build): HitRows | undefined {
  const { plan, names } = context;
  const reach = build.reach - plan.window;
  const events = makeEvents(plan, { ...build, reach }, { names, times: [] });
  if (events === undefined) return undefined;
  const isBound = reach === 0 && plan.members.every((member) => member.kind === 'event');
  const when = isBound ? [] : due(context);
  const asked = events.comments;
  return { comments: [], asked, of: behind(events.rows, ...when, ...away(events.helpers)) };
}

/** Names the rows and the events that are made of them, as far as they are needed. */
function defined(
  plan: MappedCorrelation,
  events: Events,
  isApart: boolean,
  build: Build,
): { readonly rows: Pipeline; readonly table: string } {
  const said = define(build);
  const what = [eventsComment(plan), ...events.comments];
  const inRecords = build.records !== undefined;
  const rows = inRecords ? events.rows : pipeline(said('Found', events.rows, what));
  if (!isApart) return { rows, table: '' };
  const comments = inRecords ? what : [binsComment(plan)];
  return { rows, table: said('Events', events.events(rows), comments, true) };
}

/** Puts the records of all rules together under a name and numbers them; nothing if that can't be done. */
export function numberRecords(plan: MappedCorrelation, build: Build): Records | undefined {
  const found = recordsOf(findersIn(plan), bounds(build, build.time, reachOf(plan)), build.saying);
  if (found === undefined) return undefined;
  const number = build.names.take('RecordNumber');
  const numbers = [{ name: number, value: call('row_number') }];
  const comments = ['The records of all rules, numbered to tell them apart.', ...found.comments];
  const cached = behind(found.of, { kind: 'serialize', columns: numbers });
  return { table: define(build)('Records', cached, comments, true), number };
}

/** How long before a moment something may matter to it, by any member. */
function reachOf({ window, members }: MappedCorrelation): number {
  const inner = members.map((member) => (member.kind === 'nested' ? reachOf(member.plan) : 0));
  return window + Math.max(0, ...inner);
}

/** Fixed buckets, which the author accepts instead of windows. */
export function bucketRows(plan: MappedCorrelation, build: Build): HitRows | undefined {
  const { time, bin, schedule } = build;
  const names = columnNames(plan, build);
  const events = makeEvents(plan, build, { names, times: [{ name: time, value: name(time) }] });
  if (events === undefined) return undefined;
  const context = { plan, names, time, at: time, bin, schedule, define: define(build) };
  const of = tumbling(context, events, setsOf(events.outputs, build.outputs));
  if (of === undefined) return undefined;
  const length = lengthOf(plan.window);
  const what = `Events are counted in fixed buckets of ${length} instead of the ${length} before each event: what falls on both sides of a border isn't found, and a row is a bucket, not an event.`;
  build.saying.report.approximate(tumblingCode, what);
  const comments = [`Approximation ${tumblingCode}: ${what}`];
  return { comments, asked: events.comments, of };
}
