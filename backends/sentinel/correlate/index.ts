import {
  type CorrelationType,
  correlationTypes,
  type LowerReport,
  type MappedCorrelation,
} from '#backend';
import type { Let, Query } from '../ast.ts';
import { collectLists } from '../lower-lists.ts';
import { taken } from '../lower-place.ts';
import { ownNames } from '../own-tables.ts';
import { lastMultiple } from '../schedule.ts';
import { withoutUnread } from '../unread.ts';
import { areKeysFree, timeColumns } from './checks.ts';
import { wrapped } from './comments.ts';
import { isDouble, keyColumns, namesBeside, withDoubles } from './names.ts';
import { repeatsWithin } from './repeats.ts';
import { type Build, bucketRows, hitRows, numberRecords, tumblingCode } from './rows.ts';
import { ownOutputs } from './wanted.ts';

/** The columns that a correlation's group-by has in a query's rows. */
export function keyColumn(wanted: string, plan: Pick<MappedCorrelation, 'groupBy'>): string {
  const index = plan.groupBy.findIndex((key) => key.name === wanted);
  return keyColumns(plan.groupBy)[index] ?? wanted;
}

/** The types that fixed buckets can say. */
export const tumblingTypes: readonly CorrelationType[] = correlationTypes.filter(
  (type) => type !== 'temporal_ordered',
);

/** What the column of the time is called in the tables of Microsoft Sentinel. */
const usualTime = 'TimeGenerated';

/** A correlation as a query: a row for each event that completes a hit, with its group. */
export function correlate(plan: MappedCorrelation, report: LowerReport): Query | undefined {
  const times = timeColumns(plan, report);
  if (times === undefined || !areKeysFree(plan, report)) return undefined;
  const [first = usualTime] = times.values();
  const time = [...times.values()].includes(usualTime) ? usualTime : first;
  const lets: Let[] = [];
  const outputs = outputColumns(plan);
  const names = namesBeside(withDoubles([...keysIn(plan), ...outputs, time]), ownNamesOf(plan));
  const schedule = plan.schedule && { ...plan.schedule, until: names.take('Until') };
  if (schedule !== undefined)
    lets.push({ name: schedule.until, value: lastMultiple(schedule.every) });
  const lists = collectLists(lets, names.take);
  const build: Build = {
    lets,
    saying: { report, lists },
    names,
    time,
    timeOf: (source) => times.get(source.name) ?? time,
    at: names.take('At'),
    bin: names.take('Bin'),
    outputs,
    schedule,
    records: undefined,
    reach: plan.window,
    inner: false,
  };
  const repeated = repeatsWithin(plan);
  if (repeated && plan.sources.length > 1) {
    report.report({
      code: 'sentinel/nested-log-sources',
      message:
        'The records of several tables have no number that tells them apart, which the query needs where correlations take part together with other rules.',
      span: plan.spans.type,
      hint: 'Let the rules read one log source.',
    });
    return undefined;
  }
  const records = repeated ? numberRecords(plan, build) : undefined;
  if (repeated && records === undefined) return undefined;
  const accepted = plan.approximate.some(({ code }) => code === tumblingCode);
  const inBuckets = accepted && tumblingTypes.includes(plan.type);
  const rows = inBuckets
    ? bucketRows(plan, { ...build, records })
    : hitRows(plan, { ...build, records });
  if (rows === undefined) return undefined;
  const comments = [...rows.comments, ...rows.asked].flatMap(wrapped);
  return withoutUnread({ kind: 'query', comments, lets, of: rows.of }, plan.mappings);
}

function keysIn({ groupBy, members }: MappedCorrelation): readonly string[] {
  const inner = members.flatMap((member) => (member.kind === 'nested' ? keysIn(member.plan) : []));
  return [...keyColumns(groupBy), ...inner];
}

/** The columns of all tables of users' own. */
function ownNamesOf({ mappings }: MappedCorrelation): ReadonlySet<string> {
  return new Set(mappings.flatMap((mapping) => [...ownNames(mapping)]));
}

/** The columns of the outputs that aren't keys: the rule's own names. */
function outputColumns(plan: MappedCorrelation): readonly string[] {
  const keys = keyColumns(plan.groupBy);
  const used = new Set([...keys, ...ownNamesOf(plan)]);
  return ownOutputs(plan).map((i) => {
    let column = plan.outputs[i]?.name ?? '';
    while (taken(column) || used.has(column) || isDouble(column, keys)) column += 'Value';
    used.add(column);
    return column;
  });
}
