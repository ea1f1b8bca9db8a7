import type { LowerReport, MappedCorrelation } from '#backend';
import type { Command, SplQuery } from './ast.ts';
import { countAtLeast } from './correlation/count.ts';
import type { Member } from './correlation/members.ts';
import { mixedRows } from './correlation/mixed.ts';
import {
  eventNumber,
  flagNames,
  isFieldOfAny,
  isFree,
  keyColumn,
  keyName,
  outputName,
} from './correlation/names.ts';
import { ordered } from './correlation/ordered.ts';
import { areGathered, gather } from './correlation/outputs.ts';
import { eventRows } from './correlation/rows.ts';
import {
  assign,
  evaluate,
  type Hits,
  keep,
  type OutputColumn,
  type Rows,
} from './correlation/shape.ts';
import { sweep } from './correlation/sweep.ts';
import { tumbling, tumblingLoss } from './correlation/tumbling.ts';
import { field, number } from './eval-build.ts';
import { newHelpers } from './helpers.ts';
import type { EvalContext } from './lower-conditions.ts';
import { checkOutput, placesOf } from './lower-outputs.ts';
import { certainNote, isCertain, needed } from './lower-schedule.ts';
import { watched } from './lower-scope.ts';
import { withoutUnread } from './unread.ts';

/** Says a correlation as one search: its events, its windows, and a row for each hit. */
export function correlate(plan: MappedCorrelation, lowerReport: LowerReport): SplQuery | undefined {
  const { report, failed } = watched(lowerReport);
  const helpers = newHelpers((name) => isFieldOfAny(name, plan));
  const [source, mapping] = [plan.sources[0], plan.mappings[0]];
  const context: EvalContext = { source, mapping, report, helpers };
  const rows = rowsOf(plan, isNumbered(plan), context);
  if (rows === undefined || failed()) return undefined;
  const isLoose = plan.approximate.some(({ code }) => code === 'window-tumbling');
  const loose = isLoose ? tumbling(rows, plan) : undefined;
  if (loose !== undefined) {
    report.approximate('window-tumbling', tumblingLoss(plan.window));
    if (plan.condition.kind === 'percentile')
      report.assume(
        'Percentiles are made by nearest-rank (limits.conf, perc_method).',
        'percentile-method',
      );
  }
  if (loose === undefined ? hasSum(plan) : hasNestedSum(plan)) report.assume(slidingSums);
  else if (hasSum(plan)) report.assume(bucketSums);
  const hits = loose ?? hitsOf(rows, plan);
  if (failed()) return undefined;
  const { schedule } = plan;
  const [search, ...others] = rows.commands;
  const commands = [
    ...(search === undefined ? [] : [search]),
    ...(schedule === undefined ? [] : [needed(schedule, reachOf(plan))]),
    ...others,
    ...hits.commands,
    ...keepHits(plan, rows, hits, loose === undefined && areGathered(rows.outputs)),
    ...(loose === undefined ? once(plan, rows) : []),
    ...show(plan, rows, hits),
  ];
  return { commands: joinEvals(withoutUnread(commands, mapping)) };
}

const bucketSums = 'Numbers have at most six decimals: sums are rounded to those.';
const slidingSums = `${bucketSums} What leaves the window is subtracted: this is exact for whole numbers as long as no sum goes beyond 2^53, and one number beyond that spoils the sums after it.`;

/** How far back a hit's events may lie: the correlation's window and those of the correlations within it. */
function reachOf({ window, members }: MappedCorrelation): number {
  const nested = members.map((member) => (member.kind === 'nested' ? reachOf(member.plan) : 0));
  return nested.reduce((a, b) => Math.max(a, b), 0) + window;
}

/** The hits, of a scheduled search those that this run is to tell. */
function keepHits(
  { schedule, window }: MappedCorrelation,
  rows: Rows,
  hits: Hits,
  gathers: boolean,
): readonly Command[] {
  const certain = schedule && isCertain(hits.time, schedule, hits.isEnd === true);
  const note = schedule && certainNote(schedule);
  if (gathers) return gather(rows, hits, { window, certain, note });
  return [...keep([hits.isEvent, hits.isHit]), ...keep([certain], note)];
}

/** The events, or the hits of the only member if that is a correlation itself. */
function rowsOf(
  plan: MappedCorrelation,
  numbered: boolean,
  context: EvalContext,
): Rows | undefined {
  const members = plan.members.filter((member): member is Member => member.kind === 'event');
  if (members.length === plan.members.length) return eventRows(plan, members, numbered, context);
  const [only] = plan.members;
  if (only === undefined || only.kind !== 'nested' || plan.members.length > 1)
    return mixedRows(plan, numbered, context, ({ name, span }, why) => {
      context.report.report({
        code: 'splunk/nested-correlation',
        message: `The search can't take the correlation "${name}" together with other rules: ${why}.`,
        span,
        hint: 'It can where all are grouped by the same fields, and their events and hits are counted or tested for.',
      });
    });
  const inner = rowsOf({ ...only.plan, outputs: [] }, numbered, context);
  if (inner === undefined) return undefined;
  const hits = hitsOf(inner, only.plan);
  const flags = ['members', 'presence', 'ordered'].includes(plan.condition.kind)
    ? flagNames(plan)
    : [];
  const known = only.keys.map((index) => inner.keys[index]);
  const keys = known.map((column = '', index) => {
    const name = isFree(known, index, plan) ? column : keyName(plan, index, inner.keys);
    return { name, made: name === column ? [] : [assign(name, field(column))] };
  });
  const values = only.values.map((index, at) => ({
    name: only.values.length === 1 ? 'siemc_value' : `siemc_value${at + 1}`,
    from: inner.keys[index] ?? '',
  }));
  return {
    commands: [
      ...inner.commands,
      ...hits.commands,
      ...keep([hits.isEvent, hits.isHit]),
      ...once(only.plan, inner),
      ...evaluate([
        ...keys.flatMap(({ made }) => made),
        ...values.map(({ name, from }) => assign(name, field(from))),
        ...flags.map((flag) => assign(flag, number(1))),
      ]),
    ],
    keys: keys.map(({ name }) => name),
    values: values.map(({ name }) => ({ name, many: false })),
    flags,
    outputs: plan.outputs.flatMap((output, index): readonly OutputColumn[] => {
      const key = only.outputs[index];
      const from = key === undefined ? undefined : inner.keys[key];
      if (key === undefined || from === undefined) return [];
      if (!checkOutput(output, [], context.report)) return [];
      if (plan.groupBy.some(({ name }) => name === output.name)) return [];
      const name = outputName(output.name, plan);
      return [{ from, name, key: only.keys.includes(key) }];
    }),
  };
}

/** Whether a correlation or one within it adds numbers. */
function hasSum(plan: MappedCorrelation): boolean {
  const { kind } = plan.condition;
  return kind === 'sum' || kind === 'avg' || hasNestedSum(plan);
}

function hasNestedSum({ members }: MappedCorrelation): boolean {
  return members.some((member) => member.kind === 'nested' && hasSum(member.plan));
}

function hitsOf(rows: Rows, plan: MappedCorrelation): Hits {
  if (plan.condition.kind === 'ordered') return ordered(rows, plan);
  return countAtLeast(rows, plan) ?? sweep(rows, plan);
}

/** Whether events need numbers: some correlation, or one within it, may have an event several times. */
function isNumbered(plan: MappedCorrelation): boolean {
  return (
    isRepeated(plan) ||
    plan.members.some((member) => member.kind === 'nested' && isNumbered(member.plan))
  );
}

/** Whether an event may come into a group several times: by hits of inner groups that differ. */
function isRepeated({ members }: MappedCorrelation): boolean {
  return members.some((member) => {
    if (member.kind === 'event') return false;
    const { groupBy } = member.plan;
    return groupBy.some((_, key) => !member.keys.includes(key) && isMany(member.plan, key));
  });
}

/** Whether an event may be in several groups that differ in a group-by field, by index. */
function isMany({ members }: MappedCorrelation, key: number): boolean {
  return members.some((member) => {
    if (member.kind === 'nested') return isMany(member.plan, member.keys[key] ?? -1);
    const expression = member.keys[key];
    return expression !== undefined && placesOf(expression).some(({ field: { many } }) => many);
  });
}

/** An event is a hit once in each group. */
function once(plan: MappedCorrelation, { keys }: Rows): readonly Command[] {
  if (!isRepeated(plan)) return [];
  return [{ kind: 'dedup', count: 1, fields: [eventNumber, ...keys], options: [] }];
}

/** The columns of a hit: when, which group, what an alert shows, and the number that decided. */
function show(
  plan: MappedCorrelation,
  { keys, outputs }: Rows,
  { shown }: Hits,
): readonly Command[] {
  const copied = outputs.filter(({ key }) => key);
  const renamed = plan.groupBy.flatMap(({ name }, index) => {
    const to = keyColumn(name, plan);
    const from = keys[index] ?? to;
    return from === to ? [] : [{ from, to }];
  });
  const fields = [
    '_time',
    ...plan.groupBy.map(({ name }) => keyColumn(name, plan)),
    ...outputs.map(({ name }) => name),
    ...shown,
  ];
  return [
    ...evaluate(copied.map(({ from, name }) => assign(name, field(from)))),
    ...(renamed.length === 0 ? [] : [{ kind: 'rename', fields: renamed } as const]),
    { kind: 'table', fields },
  ];
}

/** Neighbouring evals are one, since each field sees those before it. */
function joinEvals(commands: readonly Command[]): readonly Command[] {
  const result: Command[] = [];
  for (const command of commands) {
    const last = result.at(-1);
    const fits = command.kind === 'eval' && command.note === undefined && last?.kind === 'eval';
    if (!fits) result.push(command);
    else result[result.length - 1] = { ...last, fields: [...last.fields, ...command.fields] };
  }
  return result;
}
