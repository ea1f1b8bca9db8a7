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
import type { Aggregate, Assignment, Command, EvalExpr, Search, SplQuery } from './ast.ts';
import { folded } from './correlation/rows.ts';
import { readValue } from './correlation/values.ts';
import { call, compare, field, number } from './eval-build.ts';
import { newHelpers } from './helpers.ts';
import { lowerWhole } from './lower.ts';
import { toEval } from './lower-eval.ts';
import { checkOutput, isFieldOf, placesOf } from './lower-outputs.ts';
import { spanText } from './lower-schedule.ts';
import { checkNames, watched } from './lower-scope.ts';
import { withoutUnread } from './unread.ts';

const timesNote = 'Times are seconds since 1970.';

/** Says a survey with `stats` behind the search that finds its events. */
export function survey(mapped: MappedSurvey, lowerReport: LowerReport): SplQuery | undefined {
  const { report, failed } = watched(lowerReport);
  const found = lowerWhole({ ...mapped.plan, outputs: [], schedule: undefined }, report);
  const [first, ...rest] = found?.commands ?? [];
  if (first?.kind !== 'search') return undefined;
  const counts = mapped.kind === 'health' ? health(mapped, report) : baseline(mapped, report);
  if (failed()) return undefined;
  const commands = [since(first, mapped.window), ...rest, ...counts];
  return { commands: withoutUnread(commands, mapped.plan.mapping) };
}

/** `earliest` with a unit of a day or more goes by the clock of the user's time zone: hours don't. */
function since(search: Search, window: number): Search {
  const hours = window / 3_600_000;
  const value = Number.isInteger(hours) ? `-${hours}h` : `-${spanText(window)}`;
  const { where } = search;
  const earliest = { kind: 'compare', field: 'earliest', op: '=', value, cased: false } as const;
  return {
    kind: 'search',
    where: { kind: 'all', of: [...(where.kind === 'all' ? where.of : [where]), earliest] },
  };
}

/** What a part is counted by. */
interface Counted {
  readonly fields: readonly Assignment[];
  readonly counts: readonly Aggregate[];
}

function health({ plan, parts, comments }: MappedHealth, report: LowerReport): readonly Command[] {
  const helpers = newHelpers((name) => isFieldOf(name, plan));
  const said = parts.map(({ name, has, value }): Counted => {
    const column = `siemc_${name}`;
    const flag = (condition: EvalExpr): EvalExpr => call('if', condition, number(1), call('null'));
    if (value !== undefined) {
      const read = readPart(column, value, plan, report);
      const distinct: Aggregate = { name: 'dc', of: fieldOf(column), as: valuesColumn(name) };
      if (!read.many) return { fields: read.made, counts: [countOf(column, name), distinct] };
      // A count of a field counts each of its values.
      const events = { name: `${column}_events`, value: flag(call('isnotnull', field(column))) };
      return { fields: [...read.made, events], counts: [countOf(events.name, name), distinct] };
    }
    const context = { source: plan.source, mapping: plan.mapping, report, helpers };
    const condition = checkNames(has, report) ? toEval(has, context, 'negation') : undefined;
    if (condition === undefined) return { fields: [], counts: [] };
    return {
      fields: [{ name: column, value: flag(condition) }],
      counts: [countOf(column, name)],
    };
  });
  const found = said.flatMap(({ fields }) => fields);
  const counts = said.flatMap((part) => part.counts);
  const newest: Aggregate = { name: 'max', of: fieldOf('_time'), as: surveyColumns.newest };
  return [
    ...helpers.take().commands,
    ...(found.length === 0 ? [] : [{ kind: 'eval', fields: found } as const]),
    {
      kind: 'stats',
      options: [],
      aggregates: [count, newest, ...counts],
      by: [],
      note: [...comments, timesNote].join(' '),
    },
  ];
}

function baseline(
  { plan, value, comments, atLeast }: MappedBaseline,
  report: LowerReport,
): readonly Command[] {
  const column = `siemc_${entryColumn}`;
  const { made } = readPart(column, value, plan, report);
  const counted = field(surveyColumns.count);
  return [
    { kind: 'eval', fields: made },
    { kind: 'where', where: call('isnotnull', field(column)) },
    {
      kind: 'stats',
      options: [{ name: 'dedup_splitvals', value: 'true' }],
      aggregates: [
        count,
        { name: 'min', of: fieldOf('_time'), as: surveyColumns.first },
        { name: 'max', of: fieldOf('_time'), as: surveyColumns.last },
      ],
      by: [column],
      note: [...comments, timesNote].join(' '),
    },
    ...(atLeast > 1
      ? [{ kind: 'where', where: compare(counted, '>=', number(atLeast)) } as const]
      : []),
    { kind: 'rename', fields: [{ from: column, to: entryColumn }] },
    {
      kind: 'sort',
      count: 0,
      by: [
        { field: surveyColumns.count, descending: true, as: 'num' },
        { field: entryColumn, descending: false, as: 'str' },
      ],
    },
  ];
}

/** A column with a value, or all values of a field that has several. */
function readPart(
  column: string,
  value: FieldExpression<MappedPlace>,
  { rule: { span }, source: { foldsCase } }: MappedPlan,
  report: LowerReport,
): { readonly made: readonly Assignment[]; readonly many: boolean } {
  checkOutput({ name: column, span }, placesOf(value), report);
  const { value: read, many } = readValue(value, 'nothing', span, report);
  return { made: folded(column, read, many, foldsCase, false, report), many };
}

function fieldOf(name: string): Aggregate['of'] {
  return { kind: 'field', name };
}

function countOf(column: string, as: string): Aggregate {
  return { name: 'count', of: fieldOf(column), as };
}

const count: Aggregate = { name: 'count', of: undefined, as: surveyColumns.count };
