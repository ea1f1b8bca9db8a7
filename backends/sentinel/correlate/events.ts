import type { LogSource, MappedCorrelation } from '#backend';
import type { Expression, Pipeline } from '../ast.ts';
import { behind, name, named, pipeline, project } from '../build.ts';
import type { Elements } from '../lower-elements.ts';
import { isSayable } from './checks.ts';
import { foundComment } from './comments.ts';
import { columnName, keyColumns, type Names } from './names.ts';
import { type Finder, foundBy, type Made, type Part, type Saying, type Wanted } from './parts.ts';
import { listOf } from './value.ts';
import { type Columns, type NestedHits, nestedPart, ownOutputs, wantedOf } from './wanted.ts';

/** The events of a correlation's rules, each in its group: what the forms of a correlation start from. */
export interface Events {
  /** The records, with the columns of their groups. */
  readonly rows: Pipeline;
  /** What the conditions on them mean, in words. */
  readonly comments: readonly string[];
  /** Made of the rows: only what windows need, and when it happened. */
  readonly events: (rows: Pipeline) => Pipeline;
  /** The columns of the group-by. */
  readonly keys: readonly string[];
  /** Columns of the rows that the answer leaves out. */
  readonly helpers: readonly string[];
  /** Per rule the column that says whether it finds the event, if the condition needs to know. */
  readonly flags: readonly string[];
  readonly values: readonly Made[];
  /** Per output of the plan its column; one that is a key's has none of its own. */
  readonly outputs: readonly Made[];
}

/** The records of all rules under one name, and the column that numbers them. */
export interface Records {
  readonly table: string;
  readonly number: string;
}

/** What making the events needs. */
export interface EventsContext {
  readonly names: Names;
  readonly saying: Saying;
  /** The column of the events' time; in the table of a log source it may be another. */
  readonly time: string;
  readonly timeOf: (source: LogSource) => string;
  /** What is made of an event's time. */
  readonly times: readonly { readonly name: string; readonly value: Expression }[];
  readonly records: Records | undefined;
  /** What holds of the records that are needed, by the column of their time. */
  readonly bounds: (time: string) => Expression | undefined;
  define(wanted: string, of: Pipeline, comments: readonly string[], cached?: boolean): string;
  nested(plan: MappedCorrelation): NestedHits | undefined;
}

/** The events of all rules that take part; nothing when something was reported. */
export function eventsOf(plan: MappedCorrelation, context: EventsContext): Events | undefined {
  const { names, saying, records, times } = context;
  const { report } = saying;
  const finders = plan.members.filter((member) => member.kind === 'event');
  const disjoint = plan.disjoint || finders.length === 1;
  const groups = bySource(plan, finders);
  if (!groups.every((own) => isSayable(plan, own, disjoint, report))) return undefined;
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const flags = plan.members.map((member) => names.take(columnName(member.name)));
  const flagged = ['members', 'presence', 'ordered'].includes(plan.condition.kind);
  const keys = keyColumns(plan.groupBy);
  const values = fields.map((field) => names.take(columnName(field.name)));
  const outputs = ownOutputs(plan).map((i) =>
    names.take(`event_${columnName(plan.outputs[i]?.name ?? '')}`),
  );
  const parts = partsOf(plan, groups, {
    ...{ keys, values, outputs, flags, flagged, disjoint },
    context,
  });
  if (parts === undefined) return undefined;
  const made = unified(parts);
  const [only] = parts;
  const shown = [
    ...(records === undefined ? [] : [named(records.number)]),
    ...keys.map((key) => named(key)),
    ...times.map((one) => named(one.name, one.value)),
  ];
  const kept = (part: Part) => project([...shown, ...inListsOf(part, made)]);
  const own = [...(flagged ? flags : []), ...made.map(({ column }) => column)];
  const alone = parts.length === 1 ? only : undefined;
  const common = { keys, flags: flagged ? flags : [] };
  if (alone === undefined && records === undefined) {
    // Tables of several logs: of their records only what they have in common.
    const rows = parts.map((part) => {
      const columns = [...keys.map((key) => named(key)), named(context.time, name(part.time))];
      return {
        ...part,
        comments: [foundComment(part.finders, part.table), ...part.comments],
        of: behind(part.of, project([...columns, ...inListsOf(part, made)])),
      };
    });
    return {
      ...common,
      rows: together(rows, context),
      comments: [],
      events: (of) => behind(of, project([...shown, ...own.map((column) => named(column))])),
      helpers: own,
      values: made.slice(0, values.length),
      outputs: made.slice(values.length),
    };
  }
  return {
    ...common,
    rows:
      alone?.of ??
      together(
        parts.map((part) => ({ ...part, of: behind(part.of, kept(part)) })),
        context,
      ),
    comments: alone?.comments ?? [],
    events: (rows) => (alone === undefined ? rows : behind(rows, kept(alone))),
    helpers: records === undefined ? (alone?.helpers ?? []) : [],
    values: made.slice(0, values.length),
    outputs: made.slice(values.length),
  };
}

/** The plan's own rules by their log sources, in the order of these. */
function bySource(
  { sources }: MappedCorrelation,
  finders: readonly Finder[],
): readonly (readonly Finder[])[] {
  return sources
    .map(({ name: source }) => finders.filter(({ plan }) => plan.source.name === source))
    .filter((own) => own.length > 0);
}

/** A part, and where its rules find their records. */
interface Placed extends Part {
  readonly finders: readonly Finder[];
  readonly table: string;
  /** The column of the records' time. */
  readonly time: string;
}

/** The events that the plan's own rules find, each log source's apart, then those of each nested correlation. */
function partsOf(
  plan: MappedCorrelation,
  groups: readonly (readonly Finder[])[],
  {
    context: { saying, records, bounds, nested, time: common, timeOf },
    flags,
    flagged,
    disjoint,
    ...columns
  }: Columns & {
    readonly flags: readonly string[];
    readonly flagged: boolean;
    readonly disjoint: boolean;
    readonly context: EventsContext;
  },
): readonly Placed[] | undefined {
  const parts: Placed[] = [];
  for (const finders of groups) {
    const own = flags.filter((_, i) => finders.some((finder) => finder === plan.members[i]));
    const [first] = finders;
    const time = first === undefined ? common : timeOf(first.plan.source);
    const wanted = (elements: Elements): readonly Wanted[] | undefined =>
      wantedOf(plan, finders, { ...columns, elements, report: saying.report });
    // Records that the query has put together are those that are needed.
    const needed = records === undefined ? bounds(time) : undefined;
    const from = { records: records?.table, bounds: needed };
    const part = foundBy(finders, own, wanted, { saying, flagged, disjoint, ...from });
    if (part === undefined) return undefined;
    parts.push({ ...part, finders, table: first?.plan.mapping.scope['table'] ?? '', time });
  }
  for (const [i, member] of plan.members.entries()) {
    if (member.kind !== 'nested') continue;
    const hits = nested(member.plan);
    if (hits === undefined) return undefined;
    const part = nestedPart(plan, member, hits, {
      flag: flagged ? flags[i] : undefined,
      ...columns,
    });
    parts.push({ ...part, finders: [], table: hits.table, time: common });
  }
  return parts;
}

/** Several parts are one table. */
function together(
  parts: readonly Pick<Placed, 'of' | 'comments'>[],
  { define }: EventsContext,
): Pipeline {
  const tables = parts.map(({ of, comments }) => pipeline(define('Found', of, comments)));
  return {
    kind: 'pipeline',
    source: { kind: 'union-source', mode: 'outer', tables },
    operators: [],
  };
}

/** What a part makes of its rows; a column that is a list in another part is one here. */
function inListsOf(part: Part, made: readonly Made[]): Part['columns'] {
  const lists = new Set(
    made.filter(({ list }, i) => list && part.made[i]?.list === false).map(({ column }) => column),
  );
  return part.columns.map((column) => {
    const called = column.name ?? (column.value.kind === 'name' ? column.value.name : '');
    return lists.has(called)
      ? { name: called, value: listOf({ kind: 'one', of: column.value }) }
      : column;
  });
}

function unified(parts: readonly Part[]): readonly Made[] {
  const [first] = parts;
  return (first?.made ?? []).map(({ column }, i) => ({
    column,
    list: parts.some(({ made }) => made[i]?.list === true),
  }));
}
