import type { EventMember, MappedPlace, MappedPlan } from '#backend';
import type { Expression, NamedExpression, Operator, Pipeline } from '../ast.ts';
import { bool, call, chain, extend, name, named, pipeline, where } from '../build.ts';
import { placesIn, tableOf } from '../lower.ts';
import { arrange, isPlain } from '../lower-arrange.ts';
import type { LeafContext } from '../lower-context.ts';
import { collectElements, type Elements } from '../lower-elements.ts';
import { placesOf } from '../lower-output.ts';
import { lowerPredicate } from '../lower-predicate.ts';
import { weekComments } from '../lower-time.ts';
import { ownNames } from '../own-tables.ts';
import { behindTable } from '../prelude.ts';
import { printExpression } from '../print.ts';
import { oneLine } from './comments.ts';
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
  /** What the conditions mean, in words. */
  readonly comments: readonly string[];
}

/** What a rule's conditions need of the query. */
export type Saying = Pick<LeafContext, 'report' | 'lists'>;

/**
 * The rules' conditions as one filter, cheap parts first: what all of them ask for stands alone, of what
 * differs one must hold.
 */
function findAny(
  finders: readonly Finder[],
  elements: Elements,
  saying: Saying,
): Found | undefined {
  const weeks: Parameters<typeof weekComments>[0][number][] = [];
  const say = (node: Node, finder?: Finder): Expression | undefined => {
    const by = finders.length > 1 && finder !== undefined && { by: oneLine(finder.name) };
    const week: LeafContext['week'] = (ranges) => void weeks.push({ ranges, ...by });
    return lowerPredicate(node, { ...saying, elements, week, exact: false });
  };
  const rules = finders.map((finder) =>
    conjuncts(finder.plan.where).map((node) => ({ node, said: say(node, finder) })),
  );
  const comments = weekComments(weeks);
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
  if (own.some((parts) => parts.length === 0))
    return { filters: common, own: flags, exact: true, comments };
  const places = finders.flatMap(({ plan }) => placesIn(plan));
  const plain = own.map((parts) =>
    parts.filter(({ said }) => said !== undefined && isPlain(said, { elements, places })),
  );
  if (plain.some((parts) => parts.length === 0))
    return { filters: common, own: flags, exact: false, comments };
  const any = say({
    kind: 'any',
    of: different(plain, (parts) =>
      parts.map(({ said }) => (said === undefined ? '' : printExpression(said))).join('\n'),
    ).map((parts) => together(parts.map(({ node }) => node))),
  });
  const exact = plain.every((parts, rule) => parts.length === own[rule]?.length);
  return any && { filters: [...common, any], own: flags, exact, comments };
}

function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'all' ? node.of : [node];
}

/** The first of each that read the same. */
function different<Part>(parts: readonly Part[], read: (part: Part) => string): readonly Part[] {
  const seen = new Map(parts.toReversed().map((part) => [read(part), part]));
  return parts.filter((part) => seen.get(read(part)) === part);
}

function together(nodes: readonly Node[]): Node {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: 'all', of: nodes };
}

/** The records that any of the rules finds, of those that meet a condition on the table's columns. */
export function recordsOf(
  finders: readonly Finder[],
  bounds: Expression | undefined,
  saying: Saying,
): Pick<Part, 'of' | 'comments'> | undefined {
  const elements = collectElements(ownNamesIn(finders));
  const found = findAny(finders, elements, saying);
  const [first] = finders;
  const table = first && tableOf(first.plan, saying.report);
  if (found === undefined || first === undefined || table === undefined) return undefined;
  const own = different(found.own, (one) => printExpression(one));
  const conditions = found.exact ? found.filters : [...found.filters, chain('or', own)];
  const places = finders.flatMap(({ plan }) => placesIn(plan));
  const { operators: before, schedule } = behindTable(first.plan.mapping, bounds);
  const operators = arrange({ conditions, tail: [], elements, places, schedule });
  const of = pipeline(table, ...before, ...operators);
  return { of, comments: found.comments };
}

/** The columns of a user's table, which all of the rules read. */
function ownNamesIn([first]: readonly Finder[]): ReadonlySet<string> {
  return first === undefined ? new Set() : ownNames(first.plan.mapping);
}

/** How the rules of a part are told apart, and where its records are. */
interface Telling {
  readonly saying: Saying;
  /** Whether the condition needs to know which rule finds an event. */
  readonly flagged: boolean;
  readonly disjoint: boolean;
  /** Where the records are, if the query has put them together before. */
  readonly records: string | undefined;
  /** What holds of the table's records that are needed. */
  readonly bounds: Expression | undefined;
}

/** One part of a correlation's events. */
export interface Part {
  /** Rows are a record in a group: its keys are columns. */
  readonly of: Pipeline;
  /** What the conditions on them mean, in words. */
  readonly comments: readonly string[];
  /** What is made of a row: flags, values and outputs. */
  readonly columns: readonly NamedExpression[];
  readonly made: readonly Made[];
  /** Columns of the rows that tell the rules apart. */
  readonly helpers: readonly string[];
}

/** The events that a correlation's rules find. */
export function foundBy(
  finders: readonly Finder[],
  flags: readonly string[],
  wanted: (elements: Elements) => readonly Wanted[] | undefined,
  { saying, flagged, records, disjoint, bounds }: Telling,
): Part | undefined {
  const elements = collectElements(ownNamesIn(finders));
  const found = findAny(finders, elements, saying);
  const columns = wanted(elements);
  const [first] = finders;
  const table = records ?? (first && tableOf(first.plan, saying.report));
  if (found === undefined || columns === undefined || table === undefined) return undefined;
  const merged = columns.map((column) => merge(column, flags, disjoint));
  const needsFlags = finders.length > 1 && (flagged || merged.some(({ differs }) => differs));
  const helpers = needsFlags ? flags : [];
  const any = needsFlags
    ? flags.map((flag) => name(flag))
    : different(found.own, (one) => printExpression(one));
  const places = finders.flatMap(({ plan, keys, values, outputs }) => [
    ...placesIn(plan),
    ...[...keys, ...values].flatMap(placesOf),
    ...outputs.flatMap((output) => (output === undefined ? [] : placesOf(output))),
  ]);
  const isKey = ({ use }: Merged): boolean => use === 'key';
  const others = merged.filter((one) => !isKey(one));
  const before =
    records === undefined && first !== undefined
      ? behindTable(first.plan.mapping, bounds)
      : { operators: [], schedule: bounds };
  const operators = arrange({
    conditions: found.exact || needsFlags ? found.filters : [...found.filters, chain('or', any)],
    tail: [
      ...extend(helpers.map((flag, i) => ({ name: flag, value: found.own[i] ?? bool(true) }))),
      ...(found.exact || !needsFlags ? [] : [where(chain('or', any))]),
      ...keyed(merged.filter(isKey)),
    ],
    later: others.map(({ value }) => value.of),
    elements,
    places,
    schedule: before.schedule,
  });
  return {
    of: pipeline(table, ...before.operators, ...operators),
    comments: found.comments,
    columns: [
      ...(flagged ? flags.map((flag) => named(flag, needsFlags ? name(flag) : bool(true))) : []),
      ...others.map(({ column, value }) => named(column, value.of)),
    ],
    made: others.map(({ column, value }) => ({ column, list: value.kind === 'list' })),
    helpers,
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
  const last = each.at(-1) ?? first.of;
  const apart = each.findLastIndex((value) => printExpression(value) !== printExpression(last));
  const choices = each.slice(0, apart + 1).flatMap((value, i) => [when(i), value]);
  return { column, use, value: { kind, of: call('case', ...choices, last) }, differs };
}

/** An event without a key goes, one with several values is in several groups. */
function keyed(keys: readonly Merged[]): readonly Operator[] {
  const several = keys.filter(({ value }) => value.kind === 'list');
  const single = keys.filter((one) => !several.includes(one));
  const present = single.map(({ column }) => call('isnotempty', name(column)));
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
