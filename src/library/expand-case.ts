import type { Finding } from '../diagnostics/diagnostic.ts';
import type { LogSource } from '../logsource/log-source.ts';
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
}

/** The time that `at: +0s` stands for. */
const origin = Date.UTC(2026, 0, 15, 12);
const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** Makes the events of a case; problems are reported, and then the case has none. */
export function expandCase(
  given: TestCase,
  source: LogSource,
  samples: SampleStore,
  testFile: string,
  report: (finding: Finding) => void,
): readonly ExpandedCase[] {
  let failed = false;
  const fail = (message: string, span: Finding['span']): void => {
    failed = true;
    report({ code: 'test/event', message, span });
  };
  const records = given.events.flatMap((event) =>
    makeEvents(event, source, samples, testFile, fail),
  );
  if (failed) return [];
  return combinations(given.each).map((values) => {
    const shown = Object.entries(values).map(
      ([path, value]) => `${path}: ${JSON.stringify(value)}`,
    );
    return {
      name: shown.length === 0 ? given.name : `${given.name} [${shown.join(', ')}]`,
      case: given,
      records: records.map((record) =>
        Object.entries(values).reduce((row, [path, value]) => setAt(row, path, value), record),
      ),
    };
  });
}

function makeEvents(
  { value, span }: EventSpec,
  source: LogSource,
  samples: SampleStore,
  testFile: string,
  fail: (message: string, span: Finding['span']) => void,
): readonly Row[] {
  if (typeof value['$sample'] !== 'string') return [value];
  const { set, unset, at, repeat, every } = value as {
    set?: Row;
    unset?: readonly string[];
    at?: string;
    repeat?: number;
    every?: string;
  };
  const sample = samples.find(value['$sample'], testFile);
  if ('problem' in sample) {
    fail(`${sample.problem}.`, span);
    return [];
  }
  let record = sample.record;
  for (const [path, inner] of Object.entries(set ?? {})) record = setAt(record, path, inner);
  for (const path of unset ?? []) {
    const without = unsetAt(record, path);
    if (without === undefined) fail(`The sample has no "${path}" to unset.`, span);
    else record = without;
  }
  const start = at === undefined ? Date.parse(String(record[source.time])) : origin + duration(at);
  return Array.from({ length: repeat ?? 1 }, (_, index) => {
    const moved = at !== undefined || (index > 0 && every !== undefined);
    const time = new Date(start + index * (every === undefined ? 0 : duration(every)));
    const timed = moved ? setAt(record, source.time, isoTime(time)) : record;
    return index === 0 ? timed : nextUnit(timed, source, index);
  });
}

/** Each repetition is an operation of its own. */
function nextUnit(record: Row, { unit }: LogSource, index: number): Row {
  if (unit === undefined || typeof record[unit] !== 'string') return record;
  return setAt(record, unit, `${record[unit]}-${index}`);
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
