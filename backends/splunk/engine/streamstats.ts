import { QueryRunError } from '#backend';
import type { Stats } from '../ast.ts';
import type { Sample } from './aggregates.ts';
import { type Apply, isTrue, optionOf } from './apply.ts';
import { keysOf, keyText } from './groups.ts';
import type { Readings } from './readings.ts';
import { type Running, running } from './running.ts';
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

/** The rows that count for the next one: of one group, or of all, whose aggregates each group has for itself. */
interface Window {
  readonly entries: Entry[];
  /** How many of the entries have left. */
  left: number;
  readonly groups: Map<string, readonly Running[]>;
}

/** `streamstats`: aggregates over the rows so far, in their order. */
export function compileStreamStats(command: Stats, readings: Readings): Apply {
  if (optionOf(command.options, 'reset_on_change') !== undefined) {
    throw new QueryRunError('"reset_on_change" of streamstats can’t be run');
  }
  const frame = readFrame(command);
  const names = command.aggregates.map(columnOf);
  const takes = command.aggregates.map((each) => compileSample(each, readings));
  const shared = frame.global && frame.span === undefined;
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
      const window: Window = windows.get(name) ?? { entries: [], left: 0, groups: new Map() };
      windows.set(name, window);
      const own =
        window.groups.get(entry.key) ?? command.aggregates.map((each) => running(each.name, run));
      window.groups.set(entry.key, own);
      if (frame.current) push(window, own, entry);
      evict(window, entry, frame, run);
      const results = own.map((each) => each.result());
      if (!frame.current) push(window, own, entry);
      const added = names.map((column, index) => [column, results[index]] as const);
      return { event: row.event, fields: { ...row.fields, ...Object.fromEntries(added) } };
    });
    return { rows, columns: table.columns };
  };
}

function push({ entries }: Window, own: readonly Running[], entry: Entry): void {
  entries.push(entry);
  for (const [index, sample] of entry.samples.entries()) own[index]?.add(sample);
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
  const limit = size > 0 ? Math.min(size, maxWindow) : maxWindow;
  let left = Math.max(window.left, entries.length - limit);
  if (size === 0 && span === undefined) {
    if (left === 0) return;
    const reading = run.readings['streamstats-unbounded'];
    run.assume(`streamstats without a window counts more than ${maxWindow} events: ${reading}.`);
    if (reading === 'all') return;
  }
  while (span !== undefined && left < entries.length) {
    const oldest = entries[left];
    if (oldest === undefined || within(oldest, entry, span, run)) break;
    left += 1;
  }
  for (const { key } of entries.slice(window.left, left))
    for (const each of window.groups.get(key) ?? []) each.drop();
  window.left = left;
  if (left <= maxWindow || left * 2 <= entries.length) return;
  entries.splice(0, left);
  window.left = 0;
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
