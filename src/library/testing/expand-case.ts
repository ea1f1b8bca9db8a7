import type { Finding } from '../../diagnostics/diagnostic.ts';
import { eventTime } from '../../logsource/event-time.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { valueAt } from '../../logsource/raw-path.ts';
import type { Plan } from '../../plan/plan.ts';
import { sourcesOf } from '../../plan/sources-of.ts';
import type { Span } from '../../text/span.ts';
import { durationOf } from '../duration.ts';
import { isMade, recordOf, sourceOfEvent } from './event-source.ts';
import {
  closeEvent,
  type EventProblem,
  openEvent,
  placeIn,
  type RawEvent,
  setIn,
  unsetIn,
} from './raw-event.ts';
import type { SampleStore } from './samples.ts';
import type { EventSpec, TestCase } from './test-file.ts';

/** A raw record. */
type Row = Readonly<Record<string, unknown>>;

/** A case with its events made: one for each combination of `each`. */
export interface ExpandedCase {
  readonly name: string;
  readonly case: TestCase;
  /** Of each path of `each`, the value in this combination. */
  readonly values: Row;
  readonly records: readonly Row[];
  /** How many milliseconds after it happened each record came to the SIEM. */
  readonly late: readonly number[];
  /** The name of the log source that each record is of. */
  readonly origins: readonly string[];
}

/** The time that `at: +0s` stands for. */
const origin = Date.UTC(2026, 0, 15, 12);
const latest = Date.UTC(9999, 11, 31);

/** The most combinations of `each`, and the most events of a case in all of them. */
const most = { combinations: 1_000, events: 200_000 };

/** Says what is wrong with an event or a case. */
type Fail = (message: string, span: Span) => void;

/** Makes the events of a case; problems are reported, and then the case has none. */
export function expandCase(
  given: TestCase,
  plan: Plan,
  samples: SampleStore,
  testFile: string,
  report: (finding: Finding) => void,
): readonly ExpandedCase[] {
  const failures = new Set<string>();
  const fail: Fail = (message, span) => {
    const key = `${span.start} ${message}`;
    if (!failures.has(key)) report({ code: 'test/event', message, span });
    failures.add(key);
  };
  checkSize(given, fail);
  checkLateness(given, plan.schedule, fail);
  if (failures.size > 0) return [];
  const sources = given.events.map(({ value, span }) => {
    const found = sourceOfEvent(value, plan);
    if ('source' in found) return found.source;
    fail(found.problem, span);
    return sourcesOf(plan)[0];
  });
  const made = given.events.map((event, index) =>
    makeEvents(event, sources[index] ?? sourcesOf(plan)[0], samples, testFile, fail),
  );
  const events = made.flatMap((some, index) =>
    some.map((event) => ({ event, source: sources[index] ?? sourcesOf(plan)[0] })),
  );
  const origins = events.map(({ source }) => source.name);
  const late = made.flatMap((some, index) => some.map(() => lateness(given.events[index]?.value)));
  if (failures.size > 0) return [];
  const cases = combinations(given.each).map((values): ExpandedCase => {
    const shown = Object.entries(values).map(
      ([path, value]) => `${path}: ${JSON.stringify(value)}`,
    );
    return {
      name: shown.length === 0 ? given.name : `${given.name} [${shown.join(', ')}]`,
      case: given,
      values,
      records: events.flatMap(({ event, source }) => {
        const closed = closeEvent(setAll(event, values, given.span, fail), source);
        if (!('problem' in closed)) return [closed as Row];
        fail(String(closed.problem), given.span);
        return [];
      }),
      late,
      origins,
    };
  });
  return failures.size > 0 ? [] : cases;
}

/** A case may not make more than a machine has room for. */
function checkSize({ each, events, span }: TestCase, fail: Fail): void {
  const product = Object.values(each).reduce((n, values) => n * values.length, 1);
  const count = events.reduce((n, { value }) => n + repeatOf(value), 0);
  if (product > most.combinations) {
    const limit = most.combinations.toLocaleString('en-US');
    fail(`"each" makes more than ${limit} combinations.`, span);
  } else if (product * count > most.events) {
    fail(`The case makes more than ${most.events.toLocaleString('en-US')} events.`, span);
  }
}

/** No run of a schedule tells for certain what comes later than the rule says. */
function checkLateness({ events }: TestCase, schedule: Plan['schedule'], fail: Fail): void {
  for (const { value, span } of events) {
    if (schedule === undefined || lateness(value) <= schedule.delay) continue;
    const delay = schedule.delay / 1000;
    fail(`The event comes later than the ${delay} s that the rule's "delay" waits.`, span);
  }
}

function lateness(event: EventSpec['value'] | undefined): number {
  const late = isMade(event) ? event['late'] : undefined;
  return typeof late === 'string' ? durationOf(late) : 0;
}

function repeatOf(event: EventSpec['value']): number {
  return isMade(event) ? Number(event['repeat'] ?? 1) : 1;
}

function makeEvents(
  { value, span }: EventSpec,
  source: LogSource,
  samples: SampleStore,
  testFile: string,
  fail: Fail,
): readonly RawEvent[] {
  const opened = (raw: Row | string): RawEvent | undefined =>
    told(openEvent(raw, source), span, fail);
  if (!isMade(value)) return [opened(value) ?? []].flat();
  const { set, unset, at, every } = value as {
    set?: Row;
    unset?: readonly string[];
    at?: string;
    every?: string;
  };
  const sample = recordOf(value, samples, testFile);
  if ('problem' in sample) {
    fail(`${sample.problem}.`, span);
    return [];
  }
  const found = opened(sample.record);
  if (found === undefined) return [];
  let event = setAll(found, set ?? {}, span, fail);
  for (const path of unset ?? []) event = told(unsetIn(event, path), span, fail) ?? event;
  const repeat = repeatOf(value);
  const closed = closeEvent(event, source);
  const start =
    at === undefined ? (eventTime(closed, source) ?? Number.NaN) : origin + durationOf(at);
  const step = every === undefined ? 0 : durationOf(every);
  const timed = at !== undefined || (every !== undefined && repeat > 1);
  const place = placeIn(event, source.time, source);
  const problem = timed
    ? timeProblem(start, start + (repeat - 1) * step, place, source)
    : undefined;
  if (problem !== undefined) {
    fail(problem, span);
    return [];
  }
  return Array.from({ length: repeat }, (_, index) => {
    const moved = at !== undefined || (index > 0 && every !== undefined);
    const time = isoTime(new Date(moved ? start + index * step : origin));
    const timedEvent =
      moved && place !== undefined ? (told(setIn(event, place, time), span, fail) ?? event) : event;
    return index === 0 ? timedEvent : nextUnit(timedEvent, source, index);
  });
}

function setAll(event: RawEvent, values: Row, span: Span, fail: Fail): RawEvent {
  return Object.entries(values).reduce(
    (made, [path, value]) => told(setIn(made, path, value), span, fail) ?? made,
    event,
  );
}

/** An event, or nothing where the problem has been told. */
function told(event: RawEvent | EventProblem, span: Span, fail: Fail): RawEvent | undefined {
  if (!('problem' in event)) return event;
  fail(event.problem, span);
  return undefined;
}

/** Why events can't be at these times. */
function timeProblem(
  first: number,
  last: number,
  place: readonly string[] | undefined,
  { time }: LogSource,
): string | undefined {
  if (place === undefined) return `The event has no place of its own for "${time}".`;
  if (Number.isNaN(first)) {
    return `The event has no time in "${time}" that "every" could count from: say "at".`;
  }
  return first < 0 || last > latest
    ? 'The time of the event lies beyond the year 9999.'
    : undefined;
}

/** Each repetition is an operation of its own. */
function nextUnit(event: RawEvent, source: LogSource, index: number): RawEvent {
  const place = source.unit === undefined ? undefined : placeIn(event, source.unit, source);
  const value = place === undefined ? undefined : valueAt(event.record, place);
  const next =
    typeof value === 'number' || (event.kind === 'line' && /^\d+$/.test(String(value)))
      ? Number(value) + index
      : `${String(value)}-${index}`;
  if (place === undefined || (typeof value !== 'string' && typeof value !== 'number')) return event;
  const made = setIn(event, place, next);
  return 'problem' in made ? event : made;
}

function isoTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

function combinations(each: TestCase['each']): readonly Row[] {
  return Object.entries(each).reduce<readonly Row[]>(
    (rows, [path, values]) =>
      rows.flatMap((row) => values.map((value) => ({ ...row, [path]: value }))),
    [{}],
  );
}
