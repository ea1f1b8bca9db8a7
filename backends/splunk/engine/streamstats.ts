import { QueryRunError } from '#backend';
import type { Aggregate, Stats } from '../ast.ts';
import { aggregate, type Sample } from './aggregates.ts';
import { type Apply, isTrue, optionOf } from './apply.ts';
import { keysOf, keyText } from './groups.ts';
import type { Readings } from './readings.ts';
import { columnOf, compileSample, timeOf } from './samples.ts';
import { parseSpan } from './time.ts';
import type { Row, Run } from './value.ts';

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

/** `streamstats`: aggregates over the rows so far, in their order. */
export function compileStreamStats(command: Stats, readings: Readings): Apply {
  if (optionOf(command.options, 'reset_on_change') !== undefined) {
    throw new QueryRunError('"reset_on_change" of streamstats can’t be run');
  }
  const frame = readFrame(command);
  const takes = command.aggregates.map((each) => compileSample(each, readings));
  return (table, run) => {
    checkOrder(frame, table.rows, run);
    const windows = new Map<string, Entry[]>();
    const rows = table.rows.map((row): Row => {
      const [key] = keysOf(row, command.by, run, 'distinct');
      if (key === undefined) return row;
      const text = keyText(key);
      const samples = takes.map((take) => take(row, run));
      const entry: Entry = { key: text, time: timeOf(row, run), samples };
      const shared = frame.global && frame.size > 0;
      const window = windows.get(shared ? '' : text) ?? [];
      windows.set(shared ? '' : text, window);
      const seen = advance(window, entry, frame, run).filter((each) => each.key === text);
      return { event: row.event, fields: { ...row.fields, ...results(command.aggregates, seen) } };
    });
    return { rows, columns: table.columns };
  };
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

/** Puts a row into its window, drops what has left it, and gives what counts for the row. */
function advance(window: Entry[], entry: Entry, frame: Frame, run: Run): readonly Entry[] {
  const { size, span, current } = frame;
  if (current) window.push(entry);
  const limit = size > 0 ? Math.min(size, maxWindow) : span === undefined ? Infinity : maxWindow;
  if (window.length > limit) window.splice(0, window.length - limit);
  if (span !== undefined) {
    const left = window.findIndex((each) => within(each, entry, span, run));
    window.splice(0, left === -1 ? window.length : left);
  }
  const seen = [...window];
  if (!current) window.push(entry);
  return seen;
}

function within(each: Entry, entry: Entry, span: number, run: Run): boolean {
  if (each.time === undefined || entry.time === undefined) return false;
  const distance = Math.abs(entry.time - each.time);
  if (distance === span) {
    run.assume(`An event exactly the time_window away counts: ${run.readings['time-window']}.`);
  }
  return run.readings['time-window'] === 'inclusive' ? distance <= span : distance < span;
}

function results(
  aggregates: readonly Aggregate[],
  seen: readonly Entry[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    aggregates.map((each, index) => [
      columnOf(each),
      aggregate(
        each.name,
        seen.flatMap(({ samples }) => samples[index] ?? []),
      ),
    ]),
  );
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
