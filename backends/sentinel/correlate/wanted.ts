import type {
  LowerReport,
  MappedCorrelation,
  MappedPlace,
  NestedMember,
  Expression as PlanExpression,
  Span,
} from '#backend';
import type { Expression } from '../ast.ts';
import { bool, call, extend, name, named, pipeline, text } from '../build.ts';
import type { Elements } from '../lower-elements.ts';
import type { Finder, Part, Wanted } from './parts.ts';
import { readValue } from './value.ts';

/** A nested correlation's hits: their name in the query and the columns of their groups. */
export interface NestedHits {
  readonly table: string;
  readonly keys: readonly string[];
}

/** The columns that a correlation's events have: of its keys, counted values and outputs. */
export interface Columns {
  readonly keys: readonly string[];
  readonly values: readonly string[];
  readonly outputs: readonly string[];
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

/** What each rule gives these columns; nothing when something was reported. */
export function wantedOf(
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
export function nestedPart(
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
