import type { RunSchedule, Schedule } from '#backend';
import type { Expression } from './ast.ts';
import { binary, call, chain, name, timespan } from './build.ts';
import { epochTicks } from './ticks.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * What Microsoft Sentinel allows a scheduled rule ("Microsoft Sentinel service limits"): it runs every five
 * minutes to 14 days, looks back at most 14 days, and from two days on at most once an hour.
 */
export function scheduleProblem({ every, lookback }: RunSchedule): string | undefined {
  if (every < 5 * minute || every > 14 * day)
    return 'Microsoft Sentinel runs a rule every five minutes at most and every 14 days at least.';
  if (lookback > 14 * day)
    return "The rule would have to look back more than 14 days, which Microsoft Sentinel doesn't do.";
  if (lookback >= 2 * day && every < hour)
    return 'A rule that looks back two days or more runs at most once an hour on Microsoft Sentinel.';
  return undefined;
}

/** That a record was taken in during the last whole period: however late a run starts, no record is told twice. */
export function newlyIngested({ every }: Schedule): Expression {
  return since(call('ingestion_time'), every, every, 0);
}

/**
 * That something happened so long ago that all records of its window have come by now, and in this run for
 * the first time.
 */
export function newlyFinal(time: Expression, { every, delay }: Schedule): Expression {
  return since(time, every, every + delay, delay);
}

/** The same of a bucket by its start: what ends at a whole multiple is final with it. */
export function newlyEnded(
  start: Expression,
  { every, delay }: Schedule,
  length: number,
): Expression {
  return since(start, every, every + delay + length, delay + length, '>', '<=');
}

function since(
  time: Expression,
  every: number,
  from: number,
  to: number,
  above: '>' | '>=' = '>=',
  below: '<' | '<=' = '<',
): Expression {
  const until = (ago: number): Expression => {
    const now = multiple(call('now'), every);
    return ago === 0 ? now : binary('-', now, timespan(ago));
  };
  return chain('and', [binary(above, time, until(from)), binary(below, time, until(to))]);
}

/** A time rounded down to a whole multiple since 1970; `bin` counts from the year 1. */
export function multiple(time: Expression, of: number): Expression {
  const size = timespan(of);
  const fits = (epochTicks / 10_000n) % BigInt(of) === 0n;
  return fits
    ? call('bin', time, size)
    : call('bin_at', time, size, { kind: 'datetime', ticks: epochTicks });
}

/** The moments that a window of some length before a moment has. */
export function within(at: string, moment: string, window: number): Expression {
  const to = name(moment);
  const from = binary('-', to, timespan(window));
  return { kind: 'between', negated: false, of: name(at), from, to };
}
