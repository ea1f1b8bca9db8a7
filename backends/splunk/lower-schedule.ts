import type { RunSchedule, Schedule } from '#backend';
import type { Command, EvalExpr } from './ast.ts';
import { calculate, call, compare, field, joined, number } from './eval-build.ts';

/**
 * Keeps the events that were indexed in the whole period before the run, so that a run which starts
 * late neither loses nor repeats any. `_indextime` and `now()` are in seconds (Search Reference, "Date
 * and time functions"; Knowledge Manager Manual, default fields).
 */
export function newlyIndexed({ every }: Schedule): Command {
  const seconds = every / 1000;
  const until = untilOf(seconds, 1);
  return {
    kind: 'where',
    where: within(field('_indextime'), calculate(until, '-', number(seconds)), until),
    note: `Runs every ${spanText(every)}: what was indexed in the period before.`,
  };
}

/**
 * That a hit's time lies in the period that is certain by now: its last record has come. A window that ends
 * exactly with the period belongs to it.
 */
export function isCertain(time: EvalExpr, { every, delay }: Schedule, isEnd: boolean): EvalExpr {
  const until = untilOf(every / 1000, 1000);
  return within(time, before(until, every + delay), before(until, delay), isEnd);
}

/** What `isCertain` asks for, in words. */
export function certainNote({ every, delay }: Schedule): string {
  const late = delay === 0 ? '' : `, records come up to ${spanText(delay)} late`;
  return `Runs every ${spanText(every)}${late}: hits of the period that is complete by now.`;
}

/**
 * Keeps the events that may lie in the window of a hit of that period. `_time` is in seconds: the borders are
 * whole ones that leave out nothing.
 */
export function needed({ every, delay }: Schedule, window: number): Command {
  const until = untilOf(every / 1000, 1);
  const from = before(until, Math.ceil((every + delay + window) / 1000));
  return {
    kind: 'where',
    where: within(field('_time'), from, before(until, Math.floor(delay / 1000))),
    note: 'What the windows of this run may hold.',
  };
}

/** Why a cron schedule can't run at whole multiples of a time since 1970. */
export function scheduleProblem({ every }: RunSchedule): string | undefined {
  const minutes = every / 60_000;
  const divides = [60, 1440].some(
    (whole) => whole % minutes === 0 && (whole === 60 || minutes % 60 === 0),
  );
  if (Number.isInteger(minutes) && (divides || minutes === 10_080)) return undefined;
  return 'Splunk runs searches by cron: every so many minutes that divide an hour, every so many hours that divide a day, every day or every week.';
}

/** A time in words: `90s`, `10m`, `1d`. */
export function spanText(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, size]) => milliseconds > 0 && milliseconds % size === 0);
  if (unit !== undefined) return `${milliseconds / unit[1]}${unit[0]}`;
  return milliseconds === 0 ? '0s' : `${milliseconds}ms`;
}

/** The end of the last whole period before now. */
function untilOf(seconds: number, scale: 1 | 1000): EvalExpr {
  const periods = call('floor', calculate(call('now'), '/', number(seconds)));
  return calculate(periods, '*', number(seconds * scale));
}

function before(until: EvalExpr, length: number): EvalExpr {
  return length === 0 ? until : calculate(until, '-', number(length));
}

/** Between two times of which the first belongs to it, or else the last. */
function within(value: EvalExpr, from: EvalExpr, to: EvalExpr, isEnd = false): EvalExpr {
  const [after, upTo] = isEnd ? (['>', '<='] as const) : (['>=', '<'] as const);
  return joined('and', [compare(value, after, from), compare(value, upTo, to)]);
}
