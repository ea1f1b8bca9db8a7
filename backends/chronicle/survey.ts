import {
  entryColumn,
  type Expression as FieldExpression,
  type LowerReport,
  type MappedBaseline,
  type MappedHealth,
  type MappedPlace,
  type MappedPlan,
  type MappedSurvey,
  spansOf,
  surveyColumns,
  valuesColumn,
} from '#backend';
import type { Expression, Outcome, Search, Variable } from './ast.ts';
import { call, compare, field, integer, string, type Truth } from './build.ts';
import { mapParts } from './engine/fields-of.ts';
import { conjuncts, lowerWhere, scopeOf, type WatchedReport, watch } from './lower.ts';
import { checkLists } from './lower-list.ts';
import { placesOf } from './lower-outputs.ts';
import { lowerAssumption } from './lower-pair.ts';
import { firstElements } from './lower-place.ts';
import { parsePath } from './parse.ts';
import { placePath } from './place-path.ts';

const seconds = field(parsePath('metadata.event_timestamp.seconds'));
const timesNote = 'Times are seconds since 1970.';
const rangeNote = 'The time range of the search has to reach back as far.';

/**
 * Says a survey as a statistical search: a filter, then groups and aggregates ("Analyze search data with
 * statistics").
 */
export function survey(mapped: MappedSurvey, report: LowerReport): Search | undefined {
  const watched = watch(report);
  const said = mapped.kind === 'health' ? health(mapped, watched) : baseline(mapped, watched);
  return watched.hasFailed() ? undefined : { ...said, ...withoutVariable(said) };
}

/** Grouped by the log type, of which there is one: a search always has something to group by. */
function health({ plan, window, comments, parts }: MappedHealth, report: WatchedReport): Search {
  const said = parts.map(({ name, has, value }) => {
    if (value === undefined) {
      const condition = lowerWhere({ ...plan, where: has }, report);
      return { values: [], outcome: [{ name, value: call('sum', flag(condition)) }] };
    }
    const variable: Variable = { kind: 'variable', name: `${name}_value` };
    const read = readValue(value, name, plan, report);
    const outcome: readonly Outcome[] = [
      { name, value: call('sum', flag(compare('!=', variable, string('')))) },
      { name: valuesColumn(name), value: distinct(variable) },
    ];
    return { values: [compare('=', variable, read)], outcome };
  });
  return {
    kind: 'search',
    comments: [...comments, rangeNote, timesNote],
    events: [...filterOf(plan, report), since(window), ...said.flatMap(({ values }) => values)],
    match: [field(parsePath('metadata.log_type'))],
    outcome: [
      counted,
      { name: surveyColumns.newest, value: call('max', seconds) },
      ...said.flatMap(({ outcome }) => outcome),
    ],
    order: [],
    limit: undefined,
  };
}

/** "UDM search queries don't include the condition and option sections": what is seldom can't be left out. */
function baseline(
  { plan, window, comments, value, atLeast }: MappedBaseline,
  report: WatchedReport,
): Search {
  const entry: Variable = { kind: 'variable', name: entryColumn };
  const read = readValue(value, entryColumn, plan, report);
  const least = `A search can't leave out entries with fewer than ${atLeast} events: they are the last ones.`;
  if (atLeast > 1) report.approximate('at-least', least);
  const events = filterOf(plan, report);
  checkLists(events, [plan], report);
  return {
    kind: 'search',
    comments: [...comments, ...(atLeast > 1 ? [least] : []), rangeNote, timesNote],
    events: [...events, since(window), compare('=', entry, read), compare('!=', entry, string(''))],
    match: [entry],
    outcome: [
      counted,
      { name: surveyColumns.first, value: call('min', seconds) },
      { name: surveyColumns.last, value: call('max', seconds) },
    ],
    order: [{ of: { kind: 'variable', name: surveyColumns.count }, descending: true }],
    limit: undefined,
  };
}

const counted: Outcome = {
  name: surveyColumns.count,
  value: call('count', field(parsePath('metadata.id'))),
};

function filterOf(plan: MappedPlan, report: WatchedReport): readonly Expression[] {
  const { where } = plan;
  const isAll = where.kind === 'all' && where.of.length === 0;
  return [...scopeOf(plan.mapping), ...(isAll ? [] : conjuncts(lowerWhere(plan, report)))];
}

function since(window: number): Expression {
  const now = call('timestamp.current_seconds');
  const from: Expression = {
    kind: 'arithmetic',
    operator: '-',
    left: now,
    right: integer(Math.round(window / 1000)),
  };
  return compare('>=', seconds, from);
}

function flag(condition: Truth): Expression {
  if (typeof condition === 'boolean') return integer(condition ? 1 : 0);
  return call('if', condition, integer(1), integer(0));
}

/** "count_distinct counts the default zero value as an additional item": it is taken off again. */
function distinct(value: Expression): Expression {
  return {
    kind: 'arithmetic',
    operator: '-',
    left: call('count_distinct', value),
    right: call('max', flag(compare('=', value, string('')))),
  };
}

const texts: readonly string[] = ['string', 'label', 'repeated'];

/** A value as one text, empty where there is none; a list holds one value of the log here, its first element. */
function readValue(
  value: FieldExpression<MappedPlace>,
  name: string,
  plan: MappedPlan,
  report: WatchedReport,
): Expression {
  const places = placesOf(value);
  const reads = places.map((at) => {
    const path = placePath(at);
    return field(at.place.type === 'repeated' ? firstElements(path) : path);
  });
  const [only] = reads;
  const isMany = places.some(({ field: { many, uniform } }) => many && !uniform);
  const isOther = places.some(({ place }) => !texts.includes(place.type));
  if (only === undefined || isMany || isOther) {
    const why = isMany ? 'an event may have several' : 'Google SecOps keeps no texts there';
    report.report({
      code: 'chronicle/key-type',
      message: `YARA-L can't tell the values of "${name}": ${why}.`,
      span: spansOf(plan.where)[0] ?? plan.rule.span,
    });
    return string('');
  }
  const read = reads.length === 1 ? only : call('strings.coalesce', ...reads);
  if (!plan.source.foldsCase) return read;
  report.assume(lowerAssumption, 'to-lower-beyond-ascii');
  return call('strings.to_lower', read);
}

/** In a search the fields of the event stand without a variable. */
function withoutVariable({
  events,
  match,
  outcome,
}: Search): Pick<Search, 'events' | 'match' | 'outcome'> {
  const strip = <Node extends Expression>(node: Node): Node =>
    node.kind === 'field' ? { ...node, event: '' } : mapParts(node, strip);
  return {
    events: events.map(strip),
    match: match.map(strip),
    outcome: outcome.map((one) => ({ ...one, value: strip(one.value) })),
  };
}
