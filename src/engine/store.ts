import type { Backend, LayoutContext, RawRecord, TargetEvent } from '../backend/backend.ts';
import type { Mapping } from '../fields/mapping.ts';
import { eventTime } from '../logsource/event-time.ts';
import type { Hit } from '../plan/correlate/types.ts';
import type { Plan } from '../plan/plan.ts';
import { type Origins, sourcesOf } from '../plan/sources-of.ts';
import type { FoundHit, StoredEvent } from './run-plan.ts';

/** A layout for each of a plan's log sources, of which each may have variants: every combination of them. */
export function layoutsOf(plan: Plan, mappings: readonly Mapping[]): readonly Layouts[] {
  const [first, ...others] = sourcesOf(plan).map((source): Layouts => {
    const mapping = mappings.find((one) => one.source === source.name);
    return (mapping?.variants ?? []).flatMap((variant) =>
      mapping === undefined ? [] : { source, mapping, variant },
    );
  });
  const alone = (first ?? []).map((layout): Layouts => [layout]);
  return others.reduce<readonly Layouts[]>(
    (all, own) => all.flatMap((before) => own.map((layout) => [...before, layout])),
    alone,
  );
}

/** How the records of each log source are laid out. */
export type Layouts = readonly LayoutContext[];

/** Records as a target stores them, each by its log source's layout and so many milliseconds after it happened. */
export function storeRecords(
  backend: Backend,
  layouts: Layouts,
  records: readonly RawRecord[],
  late: readonly number[] = [],
  origins: Origins = [],
): readonly StoredEvent[] {
  return records.flatMap((record, index) => {
    const context = layouts.find(({ source }) => source.name === origins[index]) ?? layouts[0];
    if (context === undefined) return [];
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
