import type { Backend, LayoutContext, RawRecord, TargetEvent } from '../backend/backend.ts';
import { eventTime } from '../logsource/event-time.ts';
import type { Hit } from '../plan/correlate/types.ts';
import type { FoundHit, StoredEvent } from './run-plan.ts';

/** Records as a target stores them, each so many milliseconds after it happened. */
export function storeRecords(
  backend: Backend,
  context: LayoutContext,
  records: readonly RawRecord[],
  late: readonly number[] = [],
): readonly StoredEvent[] {
  return records.map((record, index) => {
    const time = eventTime(record, context.source) ?? 0;
    const ingested = time + (late[index] ?? 0);
    return { event: backend.layout(record, { ...context, ingested }), time, ingested };
  });
}

/** Events that are in a target's layout already; those that don't say otherwise are taken in as they happen. */
export function storeNative(
  { eventTime: timeOf, takeIn }: Backend,
  events: readonly TargetEvent[],
): readonly StoredEvent[] {
  return events.map((event) => {
    const time = timeOf?.(event) ?? 0;
    return { event: takeIn?.(event, time) ?? event, time, ingested: time };
  });
}

/** Whether a query found every hit once and no other. */
export function sameHits(found: readonly FoundHit[], meant: readonly Hit[]): boolean {
  if (found.length !== meant.length) return false;
  const expected = new Set(meant.map(keyOf));
  return found.every((hit) => expected.delete(keyOf(hit)));
}

function keyOf({ event, group }: FoundHit): string {
  return JSON.stringify([event, group]);
}
