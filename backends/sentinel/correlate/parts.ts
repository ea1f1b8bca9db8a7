import type { EventMember, LowerReport, MappedPlace, MappedPlan } from '#backend';
import type { Expression, NamedExpression, Operator, Pipeline } from '../ast.ts';
import { bool, call, chain, extend, name, named, pipeline, where } from '../build.ts';
import { placesIn, tableOf } from '../lower.ts';
import { arrange, isPlain } from '../lower-arrange.ts';
import { collectElements, type Elements } from '../lower-elements.ts';
import { placesOf } from '../lower-output.ts';
import { lowerPredicate } from '../lower-predicate.ts';
import { printExpression } from '../print.ts';
import { listOf, type Value } from './value.ts';

/** A rule that takes part in a correlation and finds single events. */
export type Finder = EventMember<MappedPlan, MappedPlace>;

/** A column that the rules give each its own value. */
export interface Wanted {
  readonly column: string;
  readonly of: readonly (Value | undefined)[];
  /** `key`: an event without it takes no part; `first`: what the first rule reads; `all`: what all read. */
  readonly use: 'key' | 'first' | 'all';
}

/** A column as it came out. */
export interface Made {
  readonly column: string;
  readonly list: boolean;
}

type Node = MappedPlan['where'];

/** What the rules ask for: all of `filters`, and of one rule also its own part. */
export interface Found {
  readonly filters: readonly Expression[];
  /** Behind `filters`: whether a rule finds the event, in the order of the rules. */
  readonly own: readonly Expression[];
  /** Whether `filters` let through nothing that no rule finds. */
  readonly exact: boolean;
}

/**
 * The rules' conditions as one filter, cheap parts first: what all of them ask for stands alone, of what
 * differs one must hold.
 */
export function findAny(
  finders: readonly Finder[],
  elements: Elements,
  report: LowerReport,
): Found | undefined {
  const context = { elements, report, exact: false };
  const say = (node: Node): Expression | undefined => lowerPredicate(node, context);
  const rules = finders.map(({ plan }) =>
    conjuncts(plan.where).map((node) => ({ node, said: say(node) })),
  );
  const lists = rules.map((parts) => parts.map(({ said }) => said && printExpression(said)));
  if (lists.some((texts) => texts.includes(undefined))) return undefined;
  const shared = new Set(lists[0]?.filter((one) => lists.every((texts) => texts.includes(one))));
  const [first = []] = rules;
  const common = first.flatMap(({ said }, i) =>
    said !== undefined && shared.has(lists[0]?.[i]) ? [said] : [],
  );
  const own = rules.map((parts, rule) => parts.filter((_, i) => !shared.has(lists[rule]?.[i])));
  const flags = own.map((parts) =>
    parts.length === 0
      ? bool(true)
      : chain(
          'and',
          parts.flatMap(({ said }) => said ?? []),
        ),
  );
  if (own.some((parts) => parts.length === 0)) return { filters: common, own: flags, exact: true };
  const places = finders.flatMap(({ plan }) => placesIn(plan));
  const plain = own.map((parts) =>
    parts.filter(({ said }) => said !== undefined && isPlain(said, { elements, places })),
  );
  if (plain.some((parts) => parts.length === 0))
    return { filters: common, own: flags, exact: false };
  const any = say({
    kind: 'any',
    of: plain.map((parts) => together(parts.map(({ node }) => node))),
  });
  const exact = plain.every((parts, rule) => parts.length === own[rule]?.length);
  return any && { filters: [...common, any], own: flags, exact };
}

function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'all' ? node.of : [node];
}

function together(nodes: readonly Node[]): Node {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: 'all', of: nodes };
}

/** The records that any of the rules finds. */
export function recordsOf(finders: readonly Finder[], report: LowerReport): Pipeline | undefined {
  const elements = collectElements();
  const found = findAny(finders, elements, report);
  const [first] = finders;
  const table = first && tableOf(first.plan, report);
  if (found === undefined || table === undefined) return undefined;
  const conditions = found.exact ? found.filters : [...found.filters, chain('or', found.own)];
  const places = finders.flatMap(({ plan }) => placesIn(plan));
  return pipeline(table, ...arrange({ conditions, tail: [], elements, places }));
}

/** How the rules of a part are told apart. */
interface Telling {
  readonly report: LowerReport;
  /** Whether the condition needs to know which rule finds an event. */
  readonly flagged: boolean;
  readonly disjoint: boolean;
  /** Where the records are, if the query has put them together before. */
  readonly records: string | undefined;
}

/** The pipeline of one part of a correlation's events: rows are an event in a group. */
export function foundBy(
  finders: readonly Finder[],
  flags: readonly string[],
  wanted: (elements: Elements) => readonly Wanted[] | undefined,
  { report, flagged, records, disjoint }: Telling,
): { readonly of: Pipeline; readonly made: readonly Made[] } | undefined {
  const elements = collectElements();
  const found = findAny(finders, elements, report);
  const columns = wanted(elements);
  const [first] = finders;
  const table = records ?? (first && tableOf(first.plan, report));
  if (found === undefined || columns === undefined || table === undefined) return undefined;
  const merged = columns.map((column) => merge(column, flags, disjoint));
  const needsFlags = flagged || merged.some(({ differs }) => differs);
  const flagColumns = needsFlags
    ? flags.map((flag, i) => ({ name: flag, value: found.own[i] ?? bool(true) }))
    : [];
  const any = chain('or', needsFlags ? flags.map((flag) => name(flag)) : found.own);
  const places = finders.flatMap(({ plan, keys, values, outputs }) => [
    ...placesIn(plan),
    ...[...keys, ...values].flatMap(placesOf),
    ...outputs.flatMap((output) => (output === undefined ? [] : placesOf(output))),
  ]);
  const operators = arrange({
    conditions: found.exact || needsFlags ? found.filters : [...found.filters, any],
    tail: [
      ...extend(flagColumns),
      ...(found.exact || !needsFlags ? [] : [where(any)]),
      ...columnsOf(merged),
    ],
    elements,
    places,
  });
  return {
    of: pipeline(table, ...operators),
    made: merged.map(({ column, value, use }) => ({
      column,
      list: value.kind === 'list' && use !== 'key',
    })),
  };
}

interface Merged {
  readonly column: string;
  readonly use: Wanted['use'];
  readonly value: Value;
  /** Whether it depends on which rule finds the event. */
  readonly differs: boolean;
}

/** The value of an event by the rules that find it. */
function merge({ column, use, of }: Wanted, flags: readonly string[], disjoint: boolean): Merged {
  const values = of.map(
    (value): Value => value ?? { kind: 'one', of: { kind: 'string', value: '' } },
  );
  const [first = { kind: 'one', of: { kind: 'string', value: '' } } satisfies Value] = values;
  const differs = new Set(values.map((value) => printExpression(value.of))).size > 1;
  if (!differs) return { column, use, value: first, differs };
  const when = (i: number): Expression => name(flags[i] ?? '');
  if (use === 'all' && !disjoint) {
    const lists = values.map((value, i) =>
      call('iff', when(i), listOf(value), { kind: 'dynamic', value: [] }),
    );
    return { column, use, value: { kind: 'list', of: call('array_concat', ...lists) }, differs };
  }
  const kind = values.some((value) => value.kind === 'list') ? 'list' : 'one';
  const each = values.map((value) => (kind === 'list' ? listOf(value) : value.of));
  const choices = each.slice(0, -1).flatMap((value, i) => [when(i), value]);
  const last = each.at(-1) ?? first.of;
  return { column, use, value: { kind, of: call('case', ...choices, last) }, differs };
}

/** One `extend` for all columns; an event without a key goes, one with several values is in several groups. */
function columnsOf(merged: readonly Merged[]): readonly Operator[] {
  const several = merged.filter(({ use, value }) => use === 'key' && value.kind === 'list');
  const single = merged.filter((one) => !several.includes(one));
  const present = single
    .filter(({ use }) => use === 'key')
    .map(({ column }) => call('isnotempty', name(column)));
  return [
    ...extend(
      single
        .map(({ column, value }): NamedExpression => named(column, value.of))
        .filter((one) => one.name !== undefined),
    ),
    ...(present.length === 0 ? [] : [where(chain('and', present))]),
    ...several.map(
      ({ column, value }): Operator => ({
        kind: 'mv-expand',
        index: undefined,
        columns: [{ name: column, of: value.of, type: 'string' }],
        limit: undefined,
      }),
    ),
  ];
}
