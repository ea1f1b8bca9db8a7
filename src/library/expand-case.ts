import type { Finding } from '../diagnostics/diagnostic.ts';
import { eventTime } from '../logsource/event-time.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { Plan } from '../plan/plan.ts';
import type { Span } from '../text/span.ts';
import type { SampleStore } from './samples.ts';
import { setAt, unsetAt } from './set-path.ts';
import type { EventSpec, TestCase } from './test-file.ts';

/** A raw record. */
type Row = Readonly<Record<string, unknown>>;

/** A case with its events made: one for each combination of `each`. */
export interface ExpandedCase {
  readonly name: string;
  readonly case: TestCase;
  readonly records: readonly Row[];
  /** How many milliseconds after it happened each record came to the SIEM. */
  readonly late: readonly number[];
}

/** The time that `at: +0s` stands for. */
const origin = Date.UTC(2026, 0, 15, 12);
const latest = Date.UTC(9999, 11, 31);
const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** The most combinations of `each`, and the most events of a case in all of them. */
const most = { combinations: 1_000, events: 200_000 };

/** Says what is wrong with an event or a case. */
type Fail = (message: string, span: Span) => void;

/** Makes the events of a case; problems are reported, and then the case has none. */
export function expandCase(
  given: TestCase,
  { source, schedule }: Plan,
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
  checkLateness(given, schedule, fail);
  if (failures.size > 0) return [];
  const made = given.events.map((event) => makeEvents(event, source, samples, testFile, fail));
  const records = made.flat();
  const late = made.flatMap((some, index) => some.map(() => lateness(given.events[index]?.value)));
  if (failures.size > 0) return [];
  const cases = combinations(given.each).map((values): ExpandedCase => {
    const shown = Object.entries(values).map(
      ([path, value]) => `${path}: ${JSON.stringify(value)}`,
    );
    return {
      name: shown.length === 0 ? given.name : `${given.name} [${shown.join(', ')}]`,
      case: given,
      records: records.map((record) => setAll(record, values, given.span, fail)),
      late,
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

function lateness(event: Row | undefined): number {
  const late = typeof event?.['$sample'] === 'string' ? event['late'] : undefined;
  return typeof late === 'string' ? duration(late) : 0;
}

function repeatOf(event: Row): number {
  return typeof event['$sample'] === 'string' ? Number(event['repeat'] ?? 1) : 1;
}

function makeEvents(
  { value, span }: EventSpec,
  source: LogSource,
  samples: SampleStore,
  testFile: string,
  fail: Fail,
): readonly Row[] {
  if (typeof value['$sample'] !== 'string') return [value];
  const { set, unset, at, every } = value as {
    set?: Row;
    unset?: readonly string[];
    at?: string;
    every?: string;
  };
  const sample = samples.find(value['$sample'], testFile);
  if ('problem' in sample) {
    fail(`${sample.problem}.`, span);
    return [];
  }
  let record = setAll(sample.record, set ?? {}, span, fail);
  for (const path of unset ?? []) {
    const without = unsetAt(record, path);
    if (without === undefined) fail(`The sample has no "${path}" to unset.`, span);
    else record = without;
  }
  const repeat = repeatOf(value);
  const start =
    at === undefined ? (eventTime(record, source) ?? Number.NaN) : origin + duration(at);
  const step = every === undefined ? 0 : duration(every);
  const timed = at !== undefined || (every !== undefined && repeat > 1);
  const problem = timed ? timeProblem(start, start + (repeat - 1) * step, source) : undefined;
  if (problem !== undefined) {
    fail(problem, span);
    return [];
  }
  return Array.from({ length: repeat }, (_, index) => {
    const moved = at !== undefined || (index > 0 && every !== undefined);
    const time = isoTime(new Date(moved ? start + index * step : origin));
    const event = moved ? setAll(record, { [source.time]: time }, span, fail) : record;
    return index === 0 ? event : nextUnit(event, source, index);
  });
}

function setAll(record: Row, values: Row, span: Span, fail: Fail): Row {
  return Object.entries(values).reduce((row, [path, value]) => {
    const changed = setAt(row, path, value);
    if (changed !== undefined) return changed;
    fail(`"${path}" leaves a gap in a list: an index is at most the list's length.`, span);
    return row;
  }, record);
}

/** Why events can't be at these times. */
function timeProblem(first: number, last: number, { time }: LogSource): string | undefined {
  if (Number.isNaN(first)) {
    return `The event has no time in "${time}" that "every" could count from: say "at".`;
  }
  return first < 0 || last > latest
    ? 'The time of the event lies beyond the year 9999.'
    : undefined;
}

/** Each repetition is an operation of its own. */
function nextUnit(record: Row, { unit }: LogSource, index: number): Row {
  if (unit === undefined || typeof record[unit] !== 'string') return record;
  return { ...record, [unit]: `${record[unit]}-${index}` };
}

function isoTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

function duration(text: string): number {
  const match = /^\+?(\d+)(ms|s|m|h|d)$/.exec(text);
  return Number(match?.[1] ?? 0) * (units[match?.[2] ?? 's'] ?? 0);
}

function combinations(each: TestCase['each']): readonly Row[] {
  return Object.entries(each).reduce<readonly Row[]>(
    (rows, [path, values]) =>
      rows.flatMap((row) => values.map((value) => ({ ...row, [path]: value }))),
    [{}],
  );
}
