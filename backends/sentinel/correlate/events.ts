import type {
  LowerReport,
  MappedCorrelation,
  MappedPlace,
  NestedMember,
  Expression as PlanExpression,
  Span,
} from '#backend';
import type { Expression, Operator, Pipeline } from '../ast.ts';
import { bool, call, extend, name, named, pipeline, text } from '../build.ts';
import type { Elements } from '../lower-elements.ts';
import { isSayable, timeColumn } from './checks.ts';
import { columnName, keyColumns, type Names } from './names.ts';
import { type Finder, foundBy, type Made, type Wanted } from './parts.ts';
import { listOf, readValue } from './value.ts';

/** The events of a correlation's rules, each in its group: what the forms of a correlation start from. */
export interface Events {
  readonly pipeline: Pipeline;
  /** Its name in the query, where it has one. */
  readonly table: string;
  /** The columns of the group-by. */
  readonly keys: readonly string[];
  /** The columns that make a group: the keys, or one that is the same for all events. */
  readonly groups: readonly string[];
  readonly time: string;
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
  readonly report: LowerReport;
  readonly records: Records | undefined;
  /** Whether all events without a group-by need one group to be joined by. */
  readonly grouped: boolean;
  define(wanted: string, of: Pipeline, comments: readonly string[], cached?: boolean): string;
  nested(plan: MappedCorrelation): NestedHits | undefined;
}

/** The outputs that have columns of their own: by index. */
export function ownOutputs({ outputs, groupBy }: MappedCorrelation): readonly number[] {
  const keys = new Set(groupBy.map(({ name: key }) => key));
  return [...outputs.keys()].filter((i) => !keys.has(outputs[i]?.name ?? ''));
}

/** The events of all rules that take part; nothing when something was reported. */
export function eventsOf(plan: MappedCorrelation, context: EventsContext): Events | undefined {
  const { names, report } = context;
  const time = timeColumn(plan, report);
  const finders = plan.members.filter((member) => member.kind === 'event');
  const disjoint = plan.disjoint || finders.length === 1;
  const flags = plan.members.map((member) => names.take(columnName(member.name)));
  const keys = keyColumns(plan.groupBy);
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const values = fields.map((field) => names.take(columnName(field.name)));
  const outputs = ownOutputs(plan).map((i) =>
    names.take(`event_${columnName(plan.outputs[i]?.name ?? '')}`),
  );
  const flagged = ['members', 'presence', 'ordered'].includes(plan.condition.kind);
  if (time === undefined || !isSayable(plan, finders, disjoint, report)) return undefined;
  const parts: { of: Pipeline; made: readonly Made[] }[] = [];
  if (finders.length > 0) {
    const own = flags.filter((_, i) => plan.members[i]?.kind === 'event');
    const wanted = (elements: Elements): readonly Wanted[] | undefined =>
      wantedOf(plan, finders, { keys, values, outputs, elements, report });
    const part = foundBy(finders, own, wanted, {
      report,
      flagged,
      disjoint,
      records: context.records?.table,
    });
    if (part === undefined) return undefined;
    parts.push(part);
  }
  for (const [i, member] of plan.members.entries()) {
    if (member.kind !== 'nested') continue;
    const hits = context.nested(member.plan);
    if (hits === undefined) return undefined;
    parts.push(
      nestedPart(plan, member, hits, {
        flag: flagged ? flags[i] : undefined,
        keys,
        values,
        outputs,
      }),
    );
  }
  const made = unified(parts);
  const groups = keys.length > 0 || !context.grouped ? keys : [names.take('Everything')];
  const everything: readonly Operator[] =
    groups.length > keys.length ? extend([{ name: groups[0], value: text('all') }]) : [];
  const of = together(parts, made, context);
  const [first, last] = [values.length, values.length + outputs.length];
  return {
    pipeline: { ...of, operators: [...of.operators, ...everything] },
    table: '',
    keys,
    groups,
    time,
    flags: flagged ? flags : [],
    values: made.slice(0, first),
    outputs: made.slice(first, last),
  };
}

/** Several parts are one table; a column that is a list in one of them is one in all. */
function together(
  parts: readonly { readonly of: Pipeline; readonly made: readonly Made[] }[],
  made: readonly Made[],
  { define }: EventsContext,
): Pipeline {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.of;
  const tables = parts.map((part) => {
    const lists = made.filter(({ list }, i) => list && part.made[i]?.list === false);
    const columns = lists.map(({ column }) => ({
      name: column,
      value: listOf({ kind: 'one', of: name(column) }),
    }));
    const of = { ...part.of, operators: [...part.of.operators, ...extend(columns)] };
    return pipeline(define('Found', of, []));
  });
  return {
    kind: 'pipeline',
    source: { kind: 'union-source', mode: 'outer', tables },
    operators: [],
  };
}

function unified(parts: readonly { readonly made: readonly Made[] }[]): readonly Made[] {
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
): { readonly of: Pipeline; readonly made: readonly Made[] } {
  const at = (index: number | undefined): Expression =>
    index === undefined ? text('') : name(keys[index] ?? '');
  const fold = (of: Expression, folds: boolean): Expression => (folds ? call('tolower', of) : of);
  const fields = 'fields' in plan.condition ? plan.condition.fields : [];
  const made = [
    ...columns.values.map((column, i) => ({
      name: column,
      value: fold(at(values[i]), fields[i]?.fold === true),
    })),
    ...columns.outputs.map((column, i) => ({
      name: column,
      value: at(outputs[ownOutputs(plan)[i] ?? 0]),
    })),
  ];
  const keyed = columns.keys.map((column, i) =>
    named(column, fold(at(from[i]), plan.groupBy[i]?.fold === true)),
  );
  const flagged = flag === undefined ? [] : [{ name: flag, value: bool(true) }];
  const all = [...flagged, ...made, ...keyed].filter((one) => one.name !== undefined);
  return {
    of: pipeline(table, ...extend(all)),
    made: made.map(({ name: column }) => ({ column, list: false })),
  };
}
