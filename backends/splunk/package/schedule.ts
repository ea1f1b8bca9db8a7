import type { ReleasedRule } from '#backend';
import type { Entry } from './conf.ts';

const minute = 60_000;

/**
 * How a search runs so that each hit is told once. Its query tells the whole period before the one in which it starts
 * (`lower-schedule.ts`): it has to start once in each, at any time. Runs begin two minutes into a period, when what was
 * indexed at the end of the one before can be searched. No start is left out (`realtime_schedule`) or moved
 * (`schedule_window`, `allow_skew`), whatever `[default]` says.
 */
export function scheduleEntries({
  every,
  lookback,
}: NonNullable<ReleasedRule['schedule']>): readonly Entry[] {
  return [
    ['enableSched', '1'],
    ['cron_schedule', cronOf(every)],
    ['dispatch.earliest_time', `-${span(lookback)}`],
    ['dispatch.latest_time', 'now'],
    ['realtime_schedule', '0'],
    ['schedule_window', '0'],
    ['allow_skew', '0'],
  ];
}

/**
 * Once in each period of that length since 1970 UTC: minutes that divide an hour, hours that divide a day, a day, or a
 * week, which begins on a Thursday. Anything else has been refused (`scheduleProblem`).
 */
export function cronOf(every: number): string {
  const minutes = every / minute;
  if (minutes === 1) return '* * * * *';
  const first = minutes === 2 ? 1 : 2;
  if (minutes < 60) return `${first}-59/${minutes} * * * *`;
  if (minutes === 60) return '2 * * * *';
  if (minutes < 1440) return `2 */${minutes / 60} * * *`;
  return minutes === 1440 ? '2 0 * * *' : '2 0 * * 4';
}

/** At least that time, in minutes if they are whole ones: a day isn't always 24 hours for Splunk. */
function span(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
