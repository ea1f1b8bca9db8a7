import { QueryRunError } from '#backend';
import { ofTexts, ofValues } from './arguments.ts';
import { type MakeFunction, numberOf } from './evaluate.ts';
import { relativeTime } from './time.ts';
import { formatTime, parseTime } from './time-format.ts';
import type { Run } from './value.ts';

/** Date and time functions (Search Reference, "Date and time functions"), in UTC. */
export const timeFunctions: Readonly<Record<string, MakeFunction>> = {
  now: ofValues((_args, run) => Math.floor(run.now / 1000)),
  time: ofValues((_args, run) => run.now / 1000),
  relative_time: ofValues(([time, specifier], run) => {
    const from = numberOf(time);
    if (from === undefined) return undefined;
    const result = relativeTime(from, String(specifier));
    if (result === undefined) throw new QueryRunError(`"${specifier}" is no relative time`);
    if (String(specifier).includes('@')) utc(run);
    return result;
  }),
  strftime: ofValues(([time, format], run) => {
    const at = numberOf(time);
    if (at === undefined || format === undefined) return undefined;
    utc(run);
    return formatTime(at, String(format));
  }),
  strptime: ofTexts(([text = '', format = ''], run) => {
    utc(run);
    return parseTime(text, format);
  }),
};

function utc(run: Run): void {
  run.assume('Times are read, written and rounded in UTC, as for a user whose time zone is UTC.');
}
