import { QueryRunError } from '#backend';
import type { Aggregate, Stats } from '../ast.ts';
import { aggregate, type Sample } from './aggregates.ts';
import { type Apply, isTrue, optionOf } from './apply.ts';
import { keysOf, keyText } from './groups.ts';
import type { Readings } from './readings.ts';
import { type Running, running } from './running.ts';
import { columnOf, compileSample, timeOf } from './samples.ts';
import { parseSpan } from './time.ts';
import type { Cell, Row, Run } from './value.ts';

/** No window holds more events (limits.conf, max_stream_window). */
const maxWindow = 10_000;

interface Frame {
  /** How many events the window holds; 0: all before. */
  readonly size: number;
  /** Seconds. */
  readonly span: number | undefined;
  readonly current: boolean;
  /** One window over all groups. */
  readonly global: boolean;
}

/** An earlier row within a window. */
interface Entry {
  readonly key: string;
  readonly time: number | undefined;
  readonly samples: readonly Sample[];
}

/** The rows that count for the next one of a group. */
interface Window {
  entries: Entry[];
  readonly aggregates: readonly Running[];
}

/** `streamstats`: aggregates over the rows so far, in their order. */
export function compileStreamStats(command: Stats, readings: Readings): Apply {
  if (optionOf(command.options, 'reset_on_change') !== undefined) {
    throw new QueryRunError('"reset_on_change" of streamstats can’t be run');
  }
  const frame = readFrame(command);
  const names = command.aggregates.map(columnOf);
  const takes = command.aggregates.map((each) => compileSample(each, readings));
  const shared = frame.global && frame.size > 0 && command.by.length > 0;
  return (table, run) => {
    checkOrder(frame, table.rows, run);
    const windows = new Map<string, Window>();
    const rows = table.rows.map((row): Row => {
      const [key] = keysOf(row, command.by, run, 'distinct');
      if (key === undefined) return row;
      const entry: Entry = {
        key: keyText(key),
        time: timeOf(row, run),
        samples: takes.map((take) => take(row, run)),
      };
      const name = shared ? '' : entry.key;
      const window = windows.get(name) ?? newWindow(command.aggregates);
      windows.set(name, window);
      if (frame.current) push(window, entry);
      evict(window, entry, frame, run);
      const results = shared
        ? resultsOfGroup(window, command.aggregates, entry.key)
        : window.aggregates.map((each) => each.result());
      if (!frame.current) push(window, entry);
      const added = names.map((column, index) => [column, results[index]] as const);
      return { event: row.event, fields: { ...row.fields, ...Object.fromEntries(added) } };
    });
    return { rows, columns: table.columns };
  };
}

function newWindow(aggregates: readonly Aggregate[]): Window {
  return { entries: [], aggregates: aggregates.map(({ name }) => running(name)) };
}

function push(window: Window, entry: Entry): void {
  window.entries.push(entry);
  for (const [index, sample] of entry.samples.entries()) window.aggregates[index]?.add(sample);
}

/** One window over all groups: of its rows those of the group count. */
function resultsOfGroup(
  { entries }: Window,
  aggregates: readonly Aggregate[],
  key: string,
): readonly Cell[] {
  const own = entries.filter((each) => each.key === key);
  return aggregates.map(({ name }, index) =>
    aggregate(
      name,
      own.flatMap(({ samples }) => samples[index] ?? []),
    ),
  );
}

function readFrame({ options }: Stats): Frame {
  const span = optionOf(options, 'time_window');
  const seconds = span === undefined ? undefined : parseSpan(span)?.seconds;
  if (span !== undefined && seconds === undefined) {
    throw new QueryRunError(`"${span}" is no time_window`);
  }
  const current = optionOf(options, 'current');
  const global = optionOf(options, 'global');
  return {
    size: Number(optionOf(options, 'window') ?? 0),
    span: seconds,
    current: current === undefined || isTrue(current),
    global: global === undefined || isTrue(global),
  };
}

/** Drops what has left the window of a row. */
function evict(window: Window, entry: Entry, { size, span }: Frame, run: Run): void {
  const { entries } = window;
  if (size === 0 && span === undefined) {
    if (entries.length <= maxWindow) return;
    const reading = run.readings['streamstats-unbounded'];
    run.assume(`streamstats without a window counts more than ${maxWindow} events: ${reading}.`);
    if (reading === 'all') return;
  }
  const limit = size > 0 ? Math.min(size, maxWindow) : maxWindow;
  let left = Math.max(0, entries.length - limit);
  while (span !== undefined && left < entries.length) {
    const oldest = entries[left];
    if (oldest === undefined || within(oldest, entry, span, run)) break;
    left += 1;
  }
  if (left === 0) return;
  window.entries = entries.slice(left);
  for (const each of window.aggregates) for (let i = 0; i < left; i += 1) each.drop();
}

function within(each: Entry, entry: Entry, span: number, run: Run): boolean {
  if (each.time === undefined || entry.time === undefined) return false;
  const distance = Math.abs(entry.time - each.time);
  if (distance === span) {
    run.assume(`An event exactly the time_window away counts: ${run.readings['time-window']}.`);
  }
  return run.readings['time-window'] === 'inclusive' ? distance <= span : distance < span;
}

/** `time_window` needs rows in the order of time, whichever way (Search Reference, streamstats). */
function checkOrder({ span }: Frame, rows: readonly Row[], run: Run): void {
  if (span === undefined) return;
  const times = rows.flatMap((row) => timeOf(row, run) ?? []);
  const rising = times.every((time, i) => time >= (times[i - 1] ?? time));
  const falling = times.every((time, i) => time <= (times[i - 1] ?? time));
  if (!rising && !falling) {
    throw new QueryRunError(
      'streamstats with time_window needs rows sorted by _time: put "sort 0 _time" before it',
    );
  }
}
