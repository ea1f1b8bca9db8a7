import type {
  LowerReport,
  MappedCorrelation,
  MappedPlace,
  NestedMember,
  Expression as PlanExpression,
  Span,
} from '#backend';
import type { Expression, Pipeline } from '../ast.ts';
import { behind, bool, call, extend, name, named, pipeline, project, text } from '../build.ts';
import type { Elements } from '../lower-elements.ts';
import { isSayable } from './checks.ts';
import { columnName, keyColumns, type Names } from './names.ts';
import { type Finder, foundBy, type Made, type Part, type Saying, type Wanted } from './parts.ts';
import { listOf, readValue } from './value.ts';

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

/** A nested correlation's hits: their name in the query and the columns of their groups. */
export interface NestedHits {
  readonly table: string;
  readonly keys: readonly string[];
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
  /** The column of the events' time. */
  readonly time: string;
  /** What is made of an event's time. */
  readonly times: readonly { readonly name: string; readonly value: Expression }[];
  readonly records: Records | undefined;
  /** What holds of the records that are needed. */
  readonly bounds: Expression | undefined;
  define(wanted: string, of: Pipeline, comments: readonly string[], cached?: boolean): string;
  nested(plan: MappedCorrelation): NestedHits | undefined;
}

/** The outputs that have columns of their own, by index: no key is one, and some rule has it. */
export function ownOutputs({
  outputs,
  groupBy,
  members,
}: Pick<MappedCorrelation, 'outputs' | 'groupBy' | 'members'>): readonly number[] {
  const keys = new Set(groupBy.map(({ name: key }) => key));
  return [...outputs.keys()].filter(
    (i) =>
      !keys.has(outputs[i]?.name ?? '') &&
      members.some((member) => member.outputs[i] !== undefined),
  );
}

/** The events of all rules that take part; nothing when something was reported. */
export function eventsOf(plan: MappedCorrelation, context: EventsContext): Events | undefined {
  const { names, saying, records, times } = context;
  const { report } = saying;
  const finders = plan.members.filter((member) => member.kind === 'event');
  const disjoint = plan.disjoint || finders.length === 1;
  if (!isSayable(plan, finders, disjoint, report)) return undefined;
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const flags = plan.members.map((member) => names.take(columnName(member.name)));
  const flagged = ['members', 'presence', 'ordered'].includes(plan.condition.kind);
  const keys = keyColumns(plan.groupBy);
  const values = fields.map((field) => names.take(columnName(field.name)));
  const outputs = ownOutputs(plan).map((i) =>
    names.take(`event_${columnName(plan.outputs[i]?.name ?? '')}`),
  );
  const parts = partsOf(plan, finders, {
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
  const alone = parts.length === 1 ? only : undefined;
  return {
    rows:
      alone?.of ??
      together(
        parts.map((part) => ({ ...part, of: behind(part.of, kept(part)) })),
        context,
      ),
    comments: alone?.comments ?? [],
    events: (rows) => (alone === undefined ? rows : behind(rows, kept(alone))),
    keys,
    helpers: records === undefined ? (alone?.helpers ?? []) : [],
    flags: flagged ? flags : [],
    values: made.slice(0, values.length),
    outputs: made.slice(values.length),
  };
}

/** The events that the plan's own rules find, then those of each nested correlation. */
function partsOf(
  plan: MappedCorrelation,
  finders: readonly Finder[],
  {
    context: { saying, records, bounds, nested },
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
): readonly Part[] | undefined {
  const parts: Part[] = [];
  if (finders.length > 0) {
    const own = flags.filter((_, i) => plan.members[i]?.kind === 'event');
    const wanted = (elements: Elements): readonly Wanted[] | undefined =>
      wantedOf(plan, finders, { ...columns, elements, report: saying.report });
    // Records that the query has put together are those that are needed.
    const from = { records: records?.table, bounds: records === undefined ? bounds : undefined };
    const part = foundBy(finders, own, wanted, { saying, flagged, disjoint, ...from });
    if (part === undefined) return undefined;
    parts.push(part);
  }
  for (const [i, member] of plan.members.entries()) {
    if (member.kind !== 'nested') continue;
    const hits = nested(member.plan);
    if (hits === undefined) return undefined;
    parts.push(
      nestedPart(plan, member, hits, { flag: flagged ? flags[i] : undefined, ...columns }),
    );
  }
  return parts;
}

/** Several parts are one table. */
function together(
  parts: readonly Pick<Part, 'of' | 'comments'>[],
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

interface Columns {
  readonly keys: readonly string[];
  readonly values: readonly string[];
  readonly outputs: readonly string[];
}

function wantedOf(
  plan: MappedCorrelation,
  finders: readonly Finder[],
  {
    keys,
    values,
    outputs,
    elements,
    report,
  }: Columns & { readonly elements: Elements; readonly report: LowerReport },
): readonly Wanted[] | undefined {
  let failed = false;
  const read = (
    of: PlanExpression<MappedPlace> | undefined,
    {
      name: called,
      span,
      fold = false,
    }: { readonly name: string; readonly span: Span; readonly fold?: boolean },
    how: { readonly distinct: boolean; readonly numeric: boolean },
  ): Wanted['of'][number] => {
    if (of === undefined) return undefined;
    const value = readValue(of, { name: called, span, fold, elements, report, ...how });
    if (value === undefined) failed = true;
    return value;
  };
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const use = plan.condition.kind === 'distinct' ? 'all' : 'first';
  const wanted: readonly Wanted[] = [
    ...fields.map(
      (field, i): Wanted => ({
        column: values[i] ?? '',
        use,
        of: finders.map((finder) =>
          read(finder.values[i], field, { distinct: false, numeric: use === 'first' }),
        ),
      }),
    ),
    ...ownOutputs(plan).map((i, at): Wanted => {
      const output = plan.outputs[i];
      return {
        column: outputs[at] ?? '',
        use: 'all',
        of: finders.map(
          (finder) =>
            output && read(finder.outputs[i], output, { distinct: false, numeric: false }),
        ),
      };
    }),
    ...plan.groupBy.map(
      (key, i): Wanted => ({
        column: keys[i] ?? '',
        use: 'key',
        of: finders.map((finder) => read(finder.keys[i], key, { distinct: true, numeric: false })),
      }),
    ),
  ];
  return failed ? undefined : wanted;
}

/** Of a nested correlation's hit only its group is known. */
function nestedPart(
  plan: MappedCorrelation,
  { keys: from, values, outputs }: NestedMember<MappedCorrelation>,
  { table, keys }: NestedHits,
  { flag, ...columns }: Columns & { readonly flag: string | undefined },
): Part {
  const at = (index: number | undefined): Expression =>
    index === undefined ? text('') : name(keys[index] ?? '');
  const fold = (of: Expression, folds: boolean): Expression => (folds ? call('tolower', of) : of);
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const own = ownOutputs(plan);
  const made = [
    ...columns.values.map((column, i) =>
      named(column, fold(at(values[i]), fields[i]?.fold === true)),
    ),
    ...columns.outputs.map((column, i) => named(column, at(outputs[own[i] ?? 0]))),
  ];
  const keyed = columns.keys
    .map((column, i) => named(column, fold(at(from[i]), plan.groupBy[i]?.fold === true)))
    .filter((one) => one.name !== undefined);
  return {
    of: pipeline(table, ...extend(keyed)),
    comments: [],
    columns: [...(flag === undefined ? [] : [named(flag, bool(true))]), ...made],
    made: [...columns.values, ...columns.outputs].map((column) => ({ column, list: false })),
    helpers: [],
  };
}
