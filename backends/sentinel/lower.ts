import {
  foldPredicate,
  type LowerReport,
  type MappedPlace,
  type MappedPlan,
  type Span,
} from '#backend';
import type { Expression, NamedExpression, Operator, Query } from './ast.ts';
import { call, name, namesIn } from './build.ts';
import { collectElements, type Elements } from './lower-elements.ts';
import { lowerOutputs, placesOf } from './lower-output.ts';
import { locate, parsedName } from './lower-place.ts';
import { lowerPredicate } from './lower-predicate.ts';

/**
 * A plan as a query: the table, then one `where` per condition, cheap ones first; JSON is parsed once
 * behind those, arrays are counted behind those that need no array.
 */
export function lower(plan: MappedPlan, report: LowerReport): Query | undefined {
  const elements = collectElements();
  const conditions = plan.where.kind === 'all' ? plan.where.of : [plan.where];
  const context = { elements, report, exact: false };
  const lowered = conditions.map((condition) => lowerPredicate(condition, context));
  const table = tableOf(plan, report);
  const outputs = lowerOutputs(plan.outputs, elements, report);
  const said = lowered.filter((condition) => condition !== undefined);
  if (table === undefined || outputs === undefined || said.length < lowered.length)
    return undefined;
  const operators = arrange(said, outputs, { elements, places: placesIn(plan) });
  return {
    kind: 'query',
    lets: [],
    of: { kind: 'pipeline', source: { kind: 'table', name: table }, operators },
  };
}

function arrange(
  conditions: readonly Expression[],
  outputs: readonly NamedExpression[],
  { elements, places }: { readonly elements: Elements; readonly places: readonly MappedPlace[] },
): readonly Operator[] {
  const applies = elements.operators();
  const counted = elements.names();
  const read = new Set(
    [...conditions, ...outputs.map(({ value }) => value), ...applies.flatMap(expandedBy)].flatMap(
      (part) => [...namesIn(part)],
    ),
  );
  const parsed = parsedColumns(places).filter((column) => read.has(column.name));
  const parsedNames = new Set(parsed.map((column) => column.name));
  const stage = (condition: Expression): 'plain' | 'parsed' | 'counted' => {
    const names = [...namesIn(condition)];
    if (names.some((used) => counted.has(used))) return 'counted';
    return names.some((used) => parsedNames.has(used)) ? 'parsed' : 'plain';
  };
  const wheres = (wanted: ReturnType<typeof stage>): readonly Operator[] =>
    conditions
      .filter((condition) => stage(condition) === wanted)
      .map((predicate) => ({ kind: 'where', predicate }));
  const extend = (columns: readonly NamedExpression[]): readonly Operator[] =>
    columns.length === 0 ? [] : [{ kind: 'extend', columns }];
  return [
    ...wheres('plain'),
    ...extend(parsed),
    ...wheres('parsed'),
    ...applies,
    ...wheres('counted'),
    ...extend(outputs),
  ];
}

function expandedBy(operator: Operator): readonly Expression[] {
  return operator.kind === 'mv-apply' ? operator.columns.map(({ of }) => of) : [];
}

interface ParsedColumn extends NamedExpression {
  readonly name: string;
}

/** The JSON columns of the plan's places, each parsed under its name, in the order of first use. */
function parsedColumns(places: readonly MappedPlace[]): readonly ParsedColumn[] {
  const columns = places.flatMap((place) => {
    const location = locate(place);
    return location?.kind === 'json' ? [location.column] : [];
  });
  return [...new Set(columns)].map((column) => ({
    name: parsedName(column),
    value: call('parse_json', name(column)),
  }));
}

function placesIn({ where, outputs }: MappedPlan): readonly MappedPlace[] {
  const tested = foldPredicate<readonly MappedPlace[], typeof where & { kind: 'field' }>(where, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ at }) => [at],
    keyword: () => [],
  });
  return [...tested, ...outputs.flatMap(({ value }) => placesOf(value))];
}

function tableOf(plan: MappedPlan, { report }: LowerReport): string | undefined {
  const table = plan.mapping.scope['table'];
  if (table !== undefined) return table;
  report({
    code: 'sentinel/no-table',
    message: `The mapping of "${plan.mapping.source}" doesn't say in its scope which table the events are in.`,
    span: firstSpan(plan.where),
    hint: 'Add "scope: { table: … }" to the mapping.',
  });
  return undefined;
}

function firstSpan(node: MappedPlan['where']): Span {
  switch (node.kind) {
    case 'all':
    case 'any': {
      const [first] = node.of;
      return first === undefined ? { start: 0, end: 0 } : firstSpan(first);
    }
    case 'not':
      return firstSpan(node.of);
    default:
      return node.span;
  }
}
