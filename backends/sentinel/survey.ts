import {
  entryColumn,
  type Expression as FieldExpression,
  type LowerReport,
  type MappedBaseline,
  type MappedHealth,
  type MappedPlace,
  type MappedPlan,
  type MappedSurvey,
  surveyColumns,
  valuesColumn,
} from '#backend';
import type { Expression, NamedExpression, Operator, Query } from './ast.ts';
import {
  behind,
  binary,
  call,
  name,
  number,
  pipeline,
  summarize,
  timespan,
  where,
} from './build.ts';
import { readValue, type Value } from './correlate/value.ts';
import { lowerWhole, placesTested, tableOf } from './lower.ts';
import { arrange } from './lower-arrange.ts';
import { collectElements, type Elements } from './lower-elements.ts';
import { collectLists } from './lower-lists.ts';
import { placesOf } from './lower-output.ts';
import { lowerPredicate } from './lower-predicate.ts';
import { ownNames } from './own-tables.ts';
import { behindTable } from './prelude.ts';
import { withoutUnread } from './unread.ts';

const generated = name('TimeGenerated');

/** Says a survey with `summarize` behind the conditions that its events satisfy. */
export function survey(mapped: MappedSurvey, report: LowerReport): Query | undefined {
  const whole = mapped.kind === 'health' ? health(mapped, report) : baseline(mapped, report);
  return whole && withoutUnread(whole, [mapped.plan.mapping]);
}

function health(
  { plan, window, comments, parts }: MappedHealth,
  report: LowerReport,
): Query | undefined {
  const own = ownNames(plan.mapping);
  const elements = collectElements(own);
  const table = tableOf(plan, report);
  const aggregates: NamedExpression[] = [
    { name: surveyColumns.count, value: call('count') },
    { name: surveyColumns.newest, value: call('max', generated) },
  ];
  // A test of presence asks no list.
  const lists = collectLists([], (wanted) => wanted);
  for (const { name: part, has, value } of parts) {
    const context = { elements, lists, report, week: () => {}, exact: false };
    const condition = lowerPredicate(has, context);
    if (condition === undefined) return undefined;
    aggregates.push({ name: part, value: call('countif', condition) });
    if (value === undefined) continue;
    const read = readPart(value, part, plan, elements, report);
    if (read === undefined) return undefined;
    aggregates.push({ name: valuesColumn(part), value: distinct(read) });
  }
  if (table === undefined) return undefined;
  const places = parts.flatMap(({ has, value }) => [
    ...placesTested(has),
    ...(value === undefined ? [] : placesOf(value)),
  ]);
  const { operators: before, schedule } = behindTable(plan.mapping, since(window));
  const tail = [summarize(aggregates, [])];
  const operators = arrange({ conditions: [], tail, elements, places, schedule });
  return query({ comments, lets: [], of: pipeline(table, ...before, ...operators) });
}

function baseline(
  { plan, window, comments, value, atLeast }: MappedBaseline,
  report: LowerReport,
): Query | undefined {
  const found = lowerWhole({ ...plan, outputs: [], schedule: undefined }, report);
  if (found === undefined) return undefined;
  const own = ownNames(plan.mapping);
  const elements = collectElements(new Set([...own, ...found.of.operators.flatMap(namesMade)]));
  const read = readPart(value, entryColumn, plan, elements, report);
  if (read === undefined) return undefined;
  const entry = name(entryColumn);
  const tail: readonly Operator[] = [
    entryOf(read),
    where(call('isnotempty', entry)),
    summarize(
      [
        { name: surveyColumns.count, value: call('count') },
        { name: surveyColumns.first, value: call('min', generated) },
        { name: surveyColumns.last, value: call('max', generated) },
      ],
      [{ name: undefined, value: entry }],
    ),
    ...(atLeast > 1 ? [where(binary('>=', name(surveyColumns.count), number(atLeast)))] : []),
    {
      kind: 'sort',
      by: [
        { of: name(surveyColumns.count), order: 'desc', nulls: 'last' },
        { of: entry, order: 'asc', nulls: 'first' },
      ],
    },
  ];
  const more = arrange({ conditions: [], tail, elements, places: placesOf(value) });
  const known = new Set(found.of.operators.map((operator) => JSON.stringify(operator, digits)));
  const missing = more.filter((operator) => !known.has(JSON.stringify(operator, digits)));
  const { source, operators } = found.of;
  const of = behind({ kind: 'pipeline', source, operators: [where(since(window)), ...operators] });
  const lines = [...comments, ...(found.comments ?? [])];
  return query({ comments: lines, lets: found.lets, of: behind(of, ...missing) });
}

function query({
  comments,
  lets,
  of,
}: Omit<Query, 'kind'> & { readonly comments: readonly string[] }): Query {
  return { kind: 'query', ...(comments.length > 0 && { comments }), lets, of };
}

function since(window: number): Expression {
  return binary('>=', generated, call('ago', timespan(window)));
}

function readPart(
  value: FieldExpression<MappedPlace>,
  called: string,
  { rule: { span }, source }: MappedPlan,
  elements: Elements,
  report: LowerReport,
): Value | undefined {
  const fold = source.foldsCase;
  const about = { name: called, span, fold, distinct: true, numeric: false };
  return readValue(value, { ...about, elements, report });
}

/** `dcount` estimates; these count. */
function distinct({ kind, of }: Value): Expression {
  return kind === 'list'
    ? call('array_length', call('make_set', of))
    : call('count_distinctif', of, call('isnotempty', of));
}

/** A column `entry`; of a field with several values a row for each of them. */
function entryOf({ kind, of }: Value): Operator {
  if (kind === 'one') return { kind: 'extend', columns: [{ name: entryColumn, value: of }] };
  const columns = [{ name: entryColumn, of, type: 'string' as const }];
  return { kind: 'mv-expand', index: undefined, columns, limit: undefined };
}

/** The names that an operator gives to columns. */
function namesMade(operator: Operator): readonly string[] {
  switch (operator.kind) {
    case 'extend':
      return operator.columns.flatMap((column) => column.name ?? []);
    case 'mv-apply':
      return operator.on.flatMap(namesMade);
    case 'summarize':
      return operator.aggregates.flatMap((column) => column.name ?? []);
    default:
      return [];
  }
}

function digits(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
