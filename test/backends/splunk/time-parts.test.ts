import { describe, expect, test } from 'vitest';
import { partOf, type TimePart, timeParts } from '../../../src/match/time.ts';
import { randomOf } from '../../support/random.ts';
import { bothHits, compileRule, conditions, rows, rule } from './support.ts';

const of = (test: string): string => `a: { ${test} }\ncondition: a`;

/** Moments of all years, every new year and leap day, and the seconds around midnights. */
const moments: readonly number[] = (() => {
  const random = randomOf(7);
  const end = Date.UTC(2101, 0, 1);
  const drawn = Array.from({ length: 2000 }, () => random.below(end / 1000) * 1000 + 999);
  const years = Array.from({ length: 131 }, (_, index) => 1970 + index);
  const edges = years.flatMap((year) =>
    [
      [0, 1],
      [0, 4],
      [1, 28],
      [1, 29],
      [2, 1],
      [11, 28],
      [11, 31],
    ].map(([month = 0, day]) => Date.UTC(year, month, day)),
  );
  const around = edges.flatMap((edge) => [edge - 1000, edge - 1, edge, edge + 86_399_999]);
  return [...drawn, ...around].filter((time) => time >= 0 && time < end);
})();

describe('parts of the time of an event are computed exactly', () => {
  const parts = Object.keys(timeParts).filter((part) => !/^(year|second)/.test(part));
  test.each(parts as TimePart[])('%s', (part) => {
    const { query = '' } = compileRule(rule(of(`eventTime|${part}: 3`)));
    const lines = query.split('\n').slice(1);
    const computing = lines.filter((line) => !/^\| (where|fields)/.test(line)).join('\n');
    const events = moments.map((time) => ({ _time: time / 1000 }));
    const found = rows(`*\n${computing}`, events).map((row) => row[`siemc_utc_${part}`]);
    expect(found).toEqual(moments.map((time) => partOf(time, part)));
  });

  test.each([
    [
      'eventTime|year: [1999, 2000, 2024]',
      (time: number) => [1999, 2000, 2024].includes(partOf(time, 'year')),
    ],
    ['eventTime|year|gte: 2025', (time: number) => partOf(time, 'year') >= 2025],
    ['eventTime|year|lt: 2025', (time: number) => partOf(time, 'year') < 2025],
    [
      'eventTime|within: { from: "06:00", to: "18:00" }',
      (time: number) => {
        const second = partOf(time, 'second-of-week') % 86_400;
        return second >= 6 * 3600 && second < 18 * 3600;
      },
    ],
    [
      'eventTime|within: { days: [sat, sun] }',
      (time: number) => partOf(time, 'second-of-week') >= 5 * 86_400,
    ],
    [
      'eventTime|within: { days: [mon, wed, thu], from: "22:00", to: "02:30" }',
      (time: number) => {
        const [day, second] = [
          Math.floor(partOf(time, 'second-of-week') / 86_400),
          partOf(time, 'second-of-week') % 86_400,
        ];
        const late = second >= 22 * 3600 && [0, 2, 3].includes(day);
        return late || (second < 2.5 * 3600 && [1, 3, 4].includes(day));
      },
    ],
  ])('%s', (condition, holds) => {
    const records = moments.map((time) => ({ eventTime: new Date(time).toISOString() }));
    const text = `${rule(of(condition))}sigma-version: 3\n`;
    for (const negated of [false, true]) {
      const { meant, found } = bothHits(
        negated ? text.replace('condition: a', 'condition: not a') : text,
        records,
      );
      const wanted = moments.flatMap((time, index) => (holds(time) !== negated ? [index] : []));
      expect(meant).toEqual(wanted);
      for (const hits of found) expect(hits).toEqual(meant);
    }
  });
});

describe('as a reviewer sees it', () => {
  test('a number of the part', () => {
    expect(conditions(of('eventTime|hour: 3'))).toBe(
      [
        '| eval siemc_utc_hour=floor(_time / 3600) % 24',
        '| where siemc_utc_hour == 3',
        '| fields - siemc_utc_hour',
      ].join('\n'),
    );
  });

  test('of years on one side only, one border', () => {
    expect(conditions(of('eventTime|year|gte: 2025'))).toBe(
      '```In UTC, 2025 begins at 1735689600.```\n| where _time >= 1735689600',
    );
  });

  test('a comment is true of what is negated too', () => {
    const selection = 'a: { eventTime|within: { days: mon-fri, from: "08:00", to: "18:00" } }';
    expect(conditions(`${selection}\ncondition: not a`, 'sigma-version: 3\n')).toBe(
      [
        '| eval siemc_utc_day_of_week=(floor(_time / 86400) + 3) % 7',
        '| eval siemc_utc_hour=floor(_time / 3600) % 24',
        '```The window, in UTC: Mon-Fri 08:00-18:00. Day 0 is Monday.```',
        '| where NOT (siemc_utc_day_of_week <= 4 AND siemc_utc_hour >= 8 AND siemc_utc_hour < 18)',
        '| fields - siemc_utc_day_of_week, siemc_utc_hour',
      ].join('\n'),
    );
  });

  test('a window in words', () => {
    const text = conditions(
      of(
        'eventTime|within: { days: [mon, tue, wed], from: "09:00", to: "17:30", utcOffset: "+02:00" }',
      ),
      'sigma-version: 3\n',
    );
    expect(text).toContain(
      '```The window, in UTC: Mon-Wed 07:00-15:30. Day 0 is Monday.```\n| where siemc_utc_day_of_week <= 2 AND siemc_utc_minute_of_day >= 420 AND siemc_utc_minute_of_day < 930',
    );
    expect(conditions(of('eventTime|year: 2025'))).toBe(
      '```In UTC, 2025 begins at 1735689600, 2026 begins at 1767225600.```\n| where _time >= 1735689600 AND _time < 1767225600',
    );
  });
});
