import { expect, test } from 'vitest';
import type { RunSchedule } from '#backend';
import { cronOf, scheduleEntries } from '../../../backends/splunk/package/schedule.ts';
import { backends } from '../../support/backends.ts';

const minute = 60_000;
const [splunk] = backends.filter(({ id }) => id === 'splunk');

/** Every period that a rule may have. */
const periods = Array.from({ length: 20_160 }, (_, index) => (index + 1) * minute).filter(
  (every) => {
    const schedule: RunSchedule = { every, delay: 0, lookback: 2 * every };
    return splunk?.scheduleProblem?.(schedule) === undefined;
  },
);

/** Whether a field of a cron schedule means a number: lists of numbers and ranges, with steps. */
function means(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to = range.includes('-') ? '' : from] =
      range === '*' ? ['0', '59'] : range.split('-');
    const isIn = value >= Number(from) && value <= Number(to);
    return isIn && (value - Number(from)) % Number(step) === 0;
  });
}

function runsAt(cron: string, time: Date): boolean {
  const [minutes = '', hours = '', days, months, weekdays = ''] = cron.split(' ');
  return (
    days === '*' &&
    months === '*' &&
    means(minutes, time.getUTCMinutes()) &&
    means(hours, time.getUTCHours()) &&
    means(weekdays, time.getUTCDay())
  );
}

test('the periods that cron can say are those that a rule may have', () => {
  const hours = [1, 2, 3, 4, 6, 8, 12, 24].map((hour) => 60 * hour);
  const minutes = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, ...hours, 7 * 1440];
  expect(periods.map((every) => every / minute)).toEqual(minutes);
});

test.for(periods.map((every) => [every / minute, cronOf(every)] as const))(
  'a search of %i minutes starts once in each period: %s',
  ([minutes, cron]) => {
    // Hours east of Greenwich, of zones whose clocks are never changed.
    for (const east of [0, 5.5, 8, -7, 12]) {
      const begin = Date.UTC(2026, 1, 26);
      const starts: number[] = [];
      for (let time = begin; time < begin + 28 * 1440 * minute; time += minute) {
        if (runsAt(cron, new Date(time + east * 60 * minute)))
          starts.push(Math.floor(time / (minutes * minute)));
      }
      const first = starts[0] ?? 0;
      expect(starts).toEqual(starts.map((_, index) => first + index));
      expect(starts.length).toBeGreaterThanOrEqual(4);
    }
  },
);

test('a search in UTC starts two minutes into its period', () => {
  const offsets = periods.map((every) => {
    for (let time = 0; ; time += minute)
      if (runsAt(cronOf(every), new Date(time))) return [every / minute, time / minute];
  });
  expect(offsets).toEqual(
    periods.map((every) => [every / minute, Math.min(2, every / minute - 1)]),
  );
});

test('the time range goes back as far as the query may look, to a whole second', () => {
  const earliest = (lookback: number): string | undefined => {
    const span = { start: 0, end: 0 };
    const entries = scheduleEntries({ every: 5 * minute, delay: 0, lookback, span });
    return new Map(entries).get('dispatch.earliest_time');
  };
  expect(earliest(25 * minute)).toBe('-25m');
  expect(earliest(2880 * minute)).toBe('-2880m');
  expect(earliest(25 * minute + 30_000)).toBe('-1530s');
  expect(earliest(25 * minute + 1)).toBe('-1501s');
});
