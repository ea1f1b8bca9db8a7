import type { Backend, RunOptions, RunResult, TargetEvent } from '../backend/backend.ts';
import type { Schedule } from '../plan/event-plan.ts';
import { lookbackOf } from '../plan/lookback.ts';
import type { Plan } from '../plan/plan.ts';

/** An event as a target stores it. Times are milliseconds since 1970. */
export interface StoredEvent {
  readonly event: TargetEvent;
  /** When it happened. */
  readonly time: number;
  /** When the SIEM took it in. */
  readonly ingested: number;
}

/** A row of a plan's query: the completing event, nothing where the row is no single event's, and the group. */
export interface FoundHit {
  readonly event: number | undefined;
  readonly group: readonly string[];
}

/** A query that was read once. */
export type Run = (events: readonly TargetEvent[], options?: RunOptions) => RunResult;

/**
 * The hits of a plan's query over a whole stream. A query with a schedule is run as its SIEM would run it:
 * once for each period in which anything can become new, on what has come in and lies in its time range.
 */
export function runPlan(
  run: Run,
  backend: Backend,
  plan: Plan,
  events: readonly StoredEvent[],
  options: RunOptions = {},
): readonly FoundHit[] {
  const { schedule } = plan;
  if (schedule === undefined || backend.capabilities.scheduled !== true) {
    const all = events.map((_, index) => index);
    return foundHits(run(targetEvents(events), options), all, backend, plan);
  }
  return runTimes(plan, schedule, events).flatMap((now) =>
    runAt(run, backend, plan, events, { ...options, now }),
  );
}

/** The hits of one scheduled run: of what had come by then and lies in the time range. */
export function runAt(
  run: Run,
  backend: Backend,
  plan: Plan,
  events: readonly StoredEvent[],
  options: RunOptions & { readonly now: number },
): readonly FoundHit[] {
  const { now } = options;
  const lookback = plan.schedule === undefined ? now : lookbackOf(plan, plan.schedule);
  const indexes = events.flatMap(({ time, ingested }, index) =>
    ingested <= now && time >= now - lookback && time <= now ? [index] : [],
  );
  const visible = indexes.flatMap((index) => events[index] ?? []);
  return foundHits(run(targetEvents(visible), options), indexes, backend, plan);
}

/** When a stream's hits become certain, to the next run. */
function runTimes(
  plan: Plan,
  { every, delay }: Schedule,
  events: readonly StoredEvent[],
): readonly number[] {
  const times = new Set<number>();
  for (const { time, ingested } of events) {
    const certain = plan.kind === 'event' ? ingested : time + delay;
    times.add((Math.floor(certain / every) + 1) * every);
  }
  return [...times].sort((a, b) => a - b);
}

function targetEvents(events: readonly StoredEvent[]): readonly TargetEvent[] {
  return events.map(({ event }) => event);
}

function foundHits(
  result: RunResult,
  indexes: readonly number[],
  { keyColumn = (name) => name }: Backend,
  plan: Plan,
): readonly FoundHit[] {
  const event = (hit: number | undefined): number | undefined =>
    hit === undefined ? undefined : indexes[hit];
  if (plan.kind === 'event') return result.hits.map((hit) => ({ event: event(hit), group: [] }));
  const names = result.columns.map(({ name }) => name);
  const columns = plan.groupBy.map((key) => names.indexOf(keyColumn(key.name, plan)));
  return result.hits.map((hit, row) => ({
    event: event(hit),
    group: columns.map((column) => String(result.rows[row]?.[column] ?? '')),
  }));
}
