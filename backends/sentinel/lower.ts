import {
  foldPredicate,
  type LowerReport,
  type MappedPlace,
  type MappedPlan,
  type Span,
} from '#backend';
import type { Query } from './ast.ts';
import { extend, pipeline } from './build.ts';
import { arrange } from './lower-arrange.ts';
import { collectElements } from './lower-elements.ts';
import { lowerOutputs, placesOf } from './lower-output.ts';
import { lowerPredicate } from './lower-predicate.ts';
import { newlyIngested } from './schedule.ts';

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
  const operators = arrange({
    conditions: said,
    tail: extend(outputs),
    elements,
    places: placesIn(plan),
    schedule: plan.schedule && newlyIngested(plan.schedule),
  });
  return { kind: 'query', lets: [], of: pipeline(table, ...operators) };
}

/** All places that an event plan reads. */
export function placesIn({ where, outputs }: MappedPlan): readonly MappedPlace[] {
  const tested = foldPredicate<readonly MappedPlace[], typeof where & { kind: 'field' }>(where, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ at }) => [at],
    keyword: () => [],
  });
  return [...tested, ...outputs.flatMap(({ value }) => placesOf(value))];
}

/** The table of a plan's events; without one that is reported. */
export function tableOf(plan: MappedPlan, { report }: LowerReport): string | undefined {
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
