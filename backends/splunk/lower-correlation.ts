import type { LowerReport, MappedCorrelation } from '#backend';
import type { Command, SplQuery } from './ast.ts';
import { countAtLeast } from './correlation/count.ts';
import type { Member } from './correlation/members.ts';
import { mixedRows } from './correlation/mixed.ts';
import { eventNumber, flagNames } from './correlation/names.ts';
import { ordered } from './correlation/ordered.ts';
import { gather } from './correlation/outputs.ts';
import { eventRows } from './correlation/rows.ts';
import { assign, evaluate, type Hits, type OutputColumn, type Rows } from './correlation/shape.ts';
import { sweep } from './correlation/sweep.ts';
import { tumbling, tumblingLoss } from './correlation/tumbling.ts';
import { field, number } from './eval-build.ts';
import type { EvalContext } from './lower-eval.ts';
import { checkOutput } from './lower-outputs.ts';
import { newlyCertain } from './lower-schedule.ts';
import { watched } from './lower-scope.ts';

/** Says a correlation as one search: its events, its windows, and a row for each hit. */
export function correlate(plan: MappedCorrelation, lowerReport: LowerReport): SplQuery | undefined {
  const { report, failed } = watched(lowerReport);
  const context: EvalContext = { source: plan.source, report };
  const rows = rowsOf(plan, isRepeated(plan), context);
  if (rows === undefined || failed()) return undefined;
  const isLoose = plan.approximate.some(({ code }) => code === 'window-tumbling');
  const loose = isLoose ? tumbling(rows, plan) : undefined;
  if (loose !== undefined) report.approximate('window-tumbling', tumblingLoss(plan.window));
  const hits = loose ?? hitsOf(rows, plan);
  if (failed()) return undefined;
  return {
    commands: joinEvals([
      ...rows.commands,
      ...(loose === undefined ? gather(rows.outputs, rows.keys) : []),
      ...hits.commands,
      ...(plan.schedule === undefined ? [] : [newlyCertain(hits.time, plan.schedule)]),
      ...(loose === undefined ? once(plan, rows) : []),
      ...show(plan, rows, hits),
    ]),
  };
}

/** The events, or the hits of the only member if that is a correlation itself. */
function rowsOf(
  plan: MappedCorrelation,
  numbered: boolean,
  context: EvalContext,
): Rows | undefined {
  if (plan.condition.kind === 'sum' || plan.condition.kind === 'avg')
    context.report.assume('Numbers have at most six decimals: sums are rounded to those.');
  const members = plan.members.filter((member): member is Member => member.kind === 'event');
  if (members.length === plan.members.length) return eventRows(plan, members, numbered, context);
  const [only] = plan.members;
  if (only === undefined || only.kind !== 'nested' || plan.members.length > 1) {
    const mixed = mixedRows(plan, context);
    if (mixed === undefined) refuseNested(plan, context);
    return mixed;
  }
  const inner = rowsOf(only.plan, numbered, context);
  if (inner === undefined) return undefined;
  const hits = hitsOf(inner, only.plan);
  const flags = ['members', 'presence', 'ordered'].includes(plan.condition.kind)
    ? flagNames(plan)
    : [];
  const values = only.values.map((index, at) => ({
    name: only.values.length === 1 ? 'siemc_value' : `siemc_value${at + 1}`,
    from: inner.keys[index] ?? '',
  }));
  return {
    commands: [
      ...inner.commands,
      ...hits.commands,
      ...once(only.plan, inner),
      ...evaluate([
        ...values.map(({ name, from }) => assign(name, field(from))),
        ...flags.map((flag) => assign(flag, number(1))),
      ]),
    ],
    keys: only.keys.map((index) => inner.keys[index] ?? ''),
    values: values.map(({ name }) => ({ name, many: false })),
    flags,
    outputs: plan.outputs.flatMap((output, index): readonly OutputColumn[] => {
      const key = only.outputs[index];
      const from = key === undefined ? undefined : inner.keys[key];
      if (key === undefined || from === undefined) return [];
      if (!checkOutput(output, [], context.report)) return [];
      if (plan.groupBy.some(({ name }) => name === output.name)) return [];
      return [{ from, name: output.name, key: only.keys.includes(key) }];
    }),
  };
}

function refuseNested({ members }: MappedCorrelation, { report }: EvalContext): void {
  for (const member of members) {
    if (member.kind !== 'nested') continue;
    report.report({
      code: 'splunk/nested-correlation',
      message: `The search can't take the correlation "${member.name}" together with other rules.`,
      span: member.span,
      hint: 'It can where both count rules or ask for them ("temporal", "event_count" within) and are grouped by the same fields; "temporal_ordered" with one rule over events at most.',
    });
  }
}

function hitsOf(rows: Rows, plan: MappedCorrelation): Hits {
  if (plan.condition.kind === 'ordered') return ordered(rows, plan);
  return countAtLeast(rows, plan) ?? sweep(rows, plan);
}

/** Whether an event may come into a group several times: by hits of inner groups that differ. */
function isRepeated({ members }: MappedCorrelation): boolean {
  return members.some(
    (member) =>
      member.kind === 'nested' &&
      (isRepeated(member.plan) ||
        member.plan.groupBy.some((_, index) => !member.keys.includes(index))),
  );
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
    const from = keys[index] ?? name;
    return from === name ? [] : [{ from, to: name }];
  });
  const fields = [
    '_time',
    ...plan.groupBy.map(({ name }) => name),
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
