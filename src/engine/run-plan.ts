import type { Backend, RunOptions, RunResult, TargetEvent } from '../backend/backend.ts';
import { mappingsOf } from '../fields/mappings.ts';
import type { Schedule } from '../plan/event-plan.ts';
import { listsIn } from '../plan/fields-of.ts';
import { lookbackOf } from '../plan/lookback.ts';
import type { Plan } from '../plan/plan.ts';
import { sourcesOf } from '../plan/sources-of.ts';

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
  given: RunOptions = {},
): readonly FoundHit[] {
  const { schedule } = plan;
  const options: RunOptions = { ...known(plan, backend), ...given };
  if (schedule === undefined || backend.capabilities.scheduled !== true) {
    const all = events.map((_, index) => index);
    return foundHits(run(targetEvents(events), options), all, backend, plan);
  }
  const ordered = inOrder(events);
  return runTimes(plan, schedule, events).flatMap((now) =>
    runOn(visibleAt(ordered, plan, now), run, backend, plan, events, { ...options, now }),
  );
}

/** What the SIEM has of a plan beside events: lists, and the logs themselves. */
function known(plan: Plan, backend: Backend): Pick<RunOptions, 'lists' | 'mappings'> {
  const names = sourcesOf(plan).map(({ name }) => name);
  const mappings = mappingsOf(backend).filter(({ source }) => names.includes(source));
  return { lists: listsIn(plan), mappings };
}

/** The hits of one scheduled run: of what had come by then and lies in the time range. */
export function runAt(
  run: Run,
  backend: Backend,
  plan: Plan,
  events: readonly StoredEvent[],
  options: RunOptions & { readonly now: number },
): readonly FoundHit[] {
  const indexes = visibleAt(inOrder(events), plan, options.now);
  return runOn(indexes, run, backend, plan, events, { ...known(plan, backend), ...options });
}

/** How many events the runs of a schedule see, all in all; none where there is no schedule. */
export function replaySize(plan: Plan, events: readonly Timed[]): number {
  const { schedule } = plan;
  if (schedule === undefined) return 0;
  const ordered = inOrder(events);
  return runTimes(plan, schedule, events).reduce((sum, now) => {
    const [start, end] = rangeAt(ordered, plan, now);
    return sum + end - start;
  }, 0);
}

/** When an event happened and when it was taken in. */
export type Timed = Pick<StoredEvent, 'time' | 'ingested'>;

/** An event's place in the stream. */
interface Placed extends Timed {
  readonly index: number;
}

function inOrder(events: readonly Timed[]): readonly Placed[] {
  return events
    .map(({ time, ingested }, index) => ({ time, ingested, index }))
    .sort((a, b) => a.time - b.time || a.index - b.index);
}

/** The indexes, in the stream's order, of the events that a run sees. */
function visibleAt(ordered: readonly Placed[], plan: Plan, now: number): readonly number[] {
  const indexes: number[] = [];
  const [start, end] = rangeAt(ordered, plan, now);
  for (const { ingested, index } of ordered.slice(start, end)) {
    if (ingested <= now) indexes.push(index);
  }
  return indexes.sort((a, b) => a - b);
}

/** Where the events begin and end that lie in the time range of a run. */
function rangeAt(ordered: readonly Placed[], plan: Plan, now: number): readonly [number, number] {
  const lookback = plan.schedule === undefined ? now : lookbackOf(plan, plan.schedule);
  return [firstFrom(ordered, now - lookback), firstFrom(ordered, now + 1)];
}

/** The index of the first event at or after a time. */
function firstFrom(ordered: readonly Placed[], time: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function runOn(
  indexes: readonly number[],
  run: Run,
  backend: Backend,
  plan: Plan,
  events: readonly StoredEvent[],
  options: RunOptions,
): readonly FoundHit[] {
  const visible = indexes.flatMap((index) => events[index] ?? []);
  return foundHits(run(targetEvents(visible), options), indexes, backend, plan);
}

/** When a stream's hits become certain, to the next run. */
function runTimes(
  plan: Plan,
  { every, delay }: Schedule,
  events: readonly Timed[],
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
