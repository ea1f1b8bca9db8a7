import type { LowerReport, MappedCorrelation, Schedule } from '#backend';
import type { Let, Pipeline, Query } from '../ast.ts';
import { call, name, pipeline } from '../build.ts';
import { taken } from '../lower-place.ts';
import {
  countComment,
  eventsComment,
  lengthOf,
  oneLine,
  windowComment,
  wrapped,
} from './comments.ts';
import { type Events, eventsOf, ownOutputs, type Records } from './events.ts';
import { keyColumns, type Names, namesBeside } from './names.ts';
import { recordsOf } from './parts.ts';
import { findersIn, repeats, repeatsWithin } from './repeats.ts';
import { away, setsOf, showOutputs, withEvents, withRecords } from './shown.ts';
import {
  type Context,
  constantCount,
  counted,
  type Moments,
  tumbling,
  windowed,
} from './windows.ts';

/** The columns that a correlation's group-by has in a query's rows. */
export function keyColumn(wanted: string, plan: Pick<MappedCorrelation, 'groupBy'>): string {
  const index = plan.groupBy.findIndex((key) => key.name === wanted);
  return keyColumns(plan.groupBy)[index] ?? wanted;
}

/** The types that fixed buckets can say. */
export const tumblingTypes = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
  'temporal',
] as const;

const tumblingCode = 'window-tumbling';

/** A correlation as a query: a row for each event that completes a hit, with its group. */
export function correlate(plan: MappedCorrelation, report: LowerReport): Query | undefined {
  const lets: Let[] = [];
  const outputs = outputColumns(plan);
  const names = namesBeside([...keyColumns(plan.groupBy), ...outputs]);
  const build: Build = {
    lets,
    records: undefined,
    names,
    at: names.take('At'),
    report,
    outputs,
    schedule: plan.schedule,
  };
  if (repeatsWithin(plan) && !numberRecords(plan, build)) return undefined;
  const accepted = plan.approximate.some(({ code }) => code === tumblingCode);
  const inBuckets = accepted && tumblingTypes.some((type) => type === plan.type);
  const rows = inBuckets ? bucketRows(plan, build) : hitRows(plan, build);
  if (rows === undefined) return undefined;
  return { kind: 'query', comments: rows.comments.flatMap(wrapped), lets, of: rows.of };
}

interface Build {
  readonly lets: Let[];
  /** Filled in where events have to be told apart. */
  records: Records | undefined;
  readonly names: Names;
  readonly at: string;
  readonly report: LowerReport;
  /** The columns of the outputs that aren't keys. */
  readonly outputs: readonly string[];
  readonly schedule: Schedule | undefined;
}

interface HitRows {
  readonly comments: readonly string[];
  readonly of: Pipeline;
}

/** The columns of the outputs that aren't keys: the rule's own names. */
function outputColumns(plan: MappedCorrelation): readonly string[] {
  const used = new Set(keyColumns(plan.groupBy));
  return ownOutputs(plan).map((i) => {
    let column = plan.outputs[i]?.name ?? '';
    while (taken(column) || used.has(column)) column += 'Value';
    used.add(column);
    return column;
  });
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

function makeEvents(plan: MappedCorrelation, build: Build, grouped: boolean): Events | undefined {
  const { names, report } = build;
  return eventsOf(plan, {
    names,
    report,
    records: build.records,
    grouped,
    define: define(build),
    nested(inner) {
      // Only what the query shows in the end has outputs and a schedule.
      const rows = hitRows(
        { ...inner, outputs: [] },
        { ...build, outputs: [], schedule: undefined },
      );
      if (rows === undefined) return undefined;
      const comment = `Hits of ${oneLine(inner.rule.title)}.`;
      const table = define(build)('Inner', rows.of, [comment]);
      return { table, keys: keyColumns(inner.groupBy) };
    },
  });
}

/** The completing events, each with its group. */
function hitRows(plan: MappedCorrelation, build: Build): HitRows | undefined {
  const { names, schedule, outputs } = build;
  const count = constantCount(plan);
  const alone = count !== undefined && outputs.length === 0 && !repeats(plan);
  const made = makeEvents(plan, build, !alone);
  if (made === undefined) return undefined;
  const context: Context = { plan, names, at: build.at, schedule, define: define(build) };
  if (alone) {
    const { operators, helpers } = counted(count, context, made);
    const of = {
      ...made.pipeline,
      operators: [...made.pipeline.operators, ...operators, ...away(helpers)],
    };
    return { comments: count > 1 ? [countComment(count, plan)] : [], of };
  }
  const table = context.define('Events', made.pipeline, [eventsComment(plan)], true);
  const events: Events = { ...made, table };
  const found = count === undefined ? windowed(context, events) : momentsOf(count, context, events);
  const comment = count === undefined ? windowComment(plan) : countComment(count, plan);
  const hits = context.define('Hits', found.of, [comment]);
  const shown = showOutputs(pipeline(hits), found, context, events, outputs);
  return {
    comments: [
      `The events of these moments${outputs.length > 0 ? ', with what is shown of their windows' : ''}.`,
    ],
    of:
      build.records !== undefined && repeats(plan)
        ? withRecords(shown, events, build.records)
        : withEvents(shown, events),
  };
}

/** The moments that a constant count finds. */
function momentsOf(count: number, context: Context, events: Events): Moments {
  const { operators } = counted(count, context, events);
  const columns = [...events.groups, events.time].map(name);
  return { of: pipeline(events.table, ...operators, { kind: 'distinct', columns }), shown: [] };
}

/** Puts the records of all rules together under a name and numbers them; says whether that could be done. */
function numberRecords(plan: MappedCorrelation, build: Build): boolean {
  const of = recordsOf(findersIn(plan), build.report);
  if (of === undefined) return false;
  const number = build.names.take('RecordNumber');
  const numbered = { name: number, value: call('row_number') };
  const operators = [...of.operators, { kind: 'serialize', columns: [numbered] } as const];
  const comment = 'The records of all rules, numbered to tell them apart.';
  const table = define(build)('Records', { ...of, operators }, [comment], true);
  build.records = { table, number };
  return true;
}

/** Fixed buckets, which the author accepts instead of windows. */
function bucketRows(plan: MappedCorrelation, build: Build): HitRows | undefined {
  const events = makeEvents(plan, build, false);
  if (events === undefined) return undefined;
  const context: Context = {
    plan,
    names: build.names,
    at: build.at,
    schedule: build.schedule,
    define: define(build),
  };
  const of = tumbling(context, events, setsOf(events.outputs, build.outputs));
  if (of === undefined) return undefined;
  const length = lengthOf(plan.window);
  const what = `Events are counted in fixed buckets of ${length} instead of the ${length} before each event: what falls on both sides of a border isn't found, and a row is a bucket, not an event.`;
  build.report.approximate(tumblingCode, what);
  return { comments: [`Approximation ${tumblingCode}: ${what}`], of };
}
