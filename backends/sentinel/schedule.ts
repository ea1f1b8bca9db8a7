import type { RunSchedule, Schedule } from '#backend';
import type { Expression } from './ast.ts';
import { binary, call, chain, name, timespan } from './build.ts';
import { wholeMinutes } from './package/durations.ts';
import { epochTicks } from './ticks.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * What Microsoft Sentinel allows a scheduled rule ("Microsoft Sentinel service limits"): it runs every five
 * minutes to 14 days, looks back whole minutes and at most 14 days, and from two days on at most once an hour.
 */
export function scheduleProblem({ every, ...run }: RunSchedule): string | undefined {
  const lookback = wholeMinutes(run.lookback);
  if (every < 5 * minute || every > 14 * day)
    return 'Microsoft Sentinel runs a rule every five minutes at most and every 14 days at least.';
  if (every % minute !== 0) return 'Microsoft Sentinel runs a rule every so many whole minutes.';
  if (lookback > 14 * day)
    return "The rule would have to look back more than 14 days, which Microsoft Sentinel doesn't do.";
  if (lookback >= 2 * day && every < hour)
    return 'A rule that looks back two days or more runs at most once an hour on Microsoft Sentinel.';
  return undefined;
}

/** That a record was taken in during the last whole period: however late a run starts, no record is told twice. */
export function newlyIngested({ every }: Schedule): Expression {
  const time = call('ingestion_time');
  const until = lastMultiple(every);
  return chain('and', [
    binary('>=', time, binary('-', until, timespan(every))),
    binary('<', time, until),
  ]);
}

/** A schedule whose last whole multiple has a name in the query. */
export interface NamedSchedule extends Schedule {
  readonly until: string;
}

/**
 * That something happened so long ago that all records of its window have come by now, and in this run for
 * the first time.
 */
export function newlyFinal(time: Expression, schedule: NamedSchedule): Expression {
  const { every, delay } = schedule;
  return chain('and', [
    binary('>=', time, ago(schedule, every + delay)),
    binary('<', time, ago(schedule, delay)),
  ]);
}

/** What the windows, of this length, of all that is newly final may hold. */
export function needed(time: Expression, schedule: NamedSchedule, length: number): Expression {
  const { every, delay } = schedule;
  const from = ago(schedule, every + delay);
  return chain('and', [
    binary('>=', time, length === 0 ? from : binary('-', from, timespan(length))),
    binary('<', time, ago(schedule, delay)),
  ]);
}

/** The same as `newlyFinal` of a bucket by its start: what ends at a whole multiple is final with it. */
export function newlyEnded(start: Expression, schedule: NamedSchedule, length: number): Expression {
  const { every, delay } = schedule;
  return chain('and', [
    binary('>', start, ago(schedule, every + delay + length)),
    binary('<=', start, ago(schedule, delay + length)),
  ]);
}

function ago({ until }: NamedSchedule, length: number): Expression {
  return length === 0 ? name(until) : binary('-', name(until), timespan(length));
}

/** Now, rounded down to a whole multiple. */
export function lastMultiple(every: number): Expression {
  return multiple(call('now'), every);
}

/** A time rounded down to a whole multiple since 1970; `bin` counts from the year 1. */
export function multiple(time: Expression, of: number): Expression {
  const size = timespan(of);
  const fits = (epochTicks / 10_000n) % BigInt(of) === 0n;
  return fits
    ? call('bin', time, size)
    : call('bin_at', time, size, { kind: 'datetime', ticks: epochTicks });
}
