import { eventTime } from '../logsource/event-time.ts';
import { compilePredicate } from './compile-predicate.ts';
import { correlator } from './correlate/stage.ts';
import type { Hit, IndexedRecord } from './correlate/types.ts';
import type { Plan } from './plan.ts';
import { type Origins, sourceAt } from './sources-of.ts';

/**
 * The meaning of a plan: its hits. Of single events each one that matches; of a correlation each group with
 * each event that completes it, in the order of the events' times, whatever order the records came in. What
 * has no time takes no part in a correlation, and a rule finds only records of its own log source.
 */
export function evaluate(
  plan: Plan,
  records: readonly unknown[],
  origins: Origins = [],
): readonly Hit[] {
  if (plan.kind === 'event') {
    const holds = compilePredicate(plan.where);
    return records.flatMap((record, event) => (holds(record) ? [{ event, group: [] }] : []));
  }
  const hitsAt = correlator(plan);
  return [...inTimeOrder(plan, records, origins)].flatMap(({ time, batch }) => hitsAt(time, batch));
}

/** Records by their times, those of one time together and in their own order. */
function* inTimeOrder(
  plan: Plan,
  records: readonly unknown[],
  origins: Origins,
): Generator<{ readonly time: number; readonly batch: readonly IndexedRecord[] }> {
  const timed = records.flatMap((record, event) => {
    const source = sourceAt(plan, origins, event);
    const time = eventTime(record, source);
    return time === undefined ? [] : [{ time, event, source: source.name, record }];
  });
  timed.sort((a, b) => a.time - b.time || a.event - b.event);
  for (let start = 0; start < timed.length; ) {
    const time = timed[start]?.time ?? 0;
    let end = start + 1;
    while (timed[end]?.time === time) end += 1;
    yield { time, batch: timed.slice(start, end) };
    start = end;
  }
}
