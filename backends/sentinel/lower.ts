import {
  foldPredicate,
  type LowerReport,
  type MappedPlace,
  type MappedPlan,
  type PlaceLeaf,
  type Range,
  type Span,
} from '#backend';
import type { Let, Query } from './ast.ts';
import { extend, pipeline } from './build.ts';
import { arrange } from './lower-arrange.ts';
import type { LeafContext } from './lower-context.ts';
import { collectElements } from './lower-elements.ts';
import { collectLists } from './lower-lists.ts';
import { lowerOutputs, placesOf } from './lower-output.ts';
import { isReserved } from './lower-place.ts';
import { lowerPredicate } from './lower-predicate.ts';
import { weekComments } from './lower-time.ts';
import { ownNames } from './own-tables.ts';
import { behindTable } from './prelude.ts';
import { newlyIngested } from './schedule.ts';
import { withoutUnread } from './unread.ts';

/**
 * A plan as a query: the table, then one `where` per condition, cheap ones first; JSON is parsed once
 * behind those, arrays are counted behind those that need no array.
 */
export function lower(plan: MappedPlan, report: LowerReport): Query | undefined {
  const whole = lowerWhole(plan, report);
  return whole && withoutUnread(whole, [plan.mapping]);
}

/** The same with all of the mapping's prelude, for more operators behind it. */
export function lowerWhole(plan: MappedPlan, report: LowerReport): Query | undefined {
  const own = ownNames(plan.mapping);
  const elements = collectElements(own);
  const conditions = plan.where.kind === 'all' ? plan.where.of : [plan.where];
  const lets: Let[] = [];
  const weeks: (readonly Range[])[] = [];
  const used = new Set([...own, ...plan.outputs.map(({ name }) => name)]);
  const lists = collectLists(lets, (wanted) => {
    let free = wanted;
    for (let n = 2; used.has(free) || isReserved(free); n += 1) free = `${wanted}${n}`;
    used.add(free);
    return free;
  });
  const week: LeafContext['week'] = (ranges) => void weeks.push(ranges);
  const context: LeafContext = { elements, lists, report, week, exact: false };
  const lowered = conditions.map((condition) => lowerPredicate(condition, context));
  const table = tableOf(plan, report);
  const outputs = lowerOutputs(plan.outputs, elements, report);
  const wheres = lowered.filter((condition) => condition !== undefined);
  if (table === undefined || outputs === undefined || wheres.length < lowered.length)
    return undefined;
  const before = behindTable(plan.mapping, plan.schedule && newlyIngested(plan.schedule));
  const operators = arrange({
    conditions: wheres,
    tail: extend(outputs),
    elements,
    places: placesIn(plan),
    schedule: before.schedule,
  });
  const said = pipeline(table, ...before.operators, ...operators);
  const comments = weekComments(weeks.map((ranges) => ({ ranges })));
  return { kind: 'query', ...(comments.length > 0 && { comments }), lets, of: said };
}

/** All places that an event plan reads. */
export function placesIn({ where, outputs }: MappedPlan): readonly MappedPlace[] {
  return [...placesTested(where), ...outputs.flatMap(({ value }) => placesOf(value))];
}

/** All places that a predicate tests. */
export function placesTested(where: MappedPlan['where']): readonly MappedPlace[] {
  return foldPredicate<readonly MappedPlace[], PlaceLeaf>(where, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ at }) => [at],
    pair: ({ at, other }) => [at, other],
    // What is asked of an element is read from the array.
    element: ({ at }) => [at],
    keyword: () => [],
  });
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
