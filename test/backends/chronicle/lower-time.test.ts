import { describe, expect, test } from 'vitest';
import { partOf, type Range, type TargetEvent, type TimePart, timeParts } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { loweredLeaf } from './lowered-leaf.ts';

const seconds = '$e.metadata.event_timestamp.seconds';
const hour = `timestamp.get_hour(${seconds}, "UTC")`;
const minute = `timestamp.get_minute(${seconds}, "UTC")`;
const day = `timestamp.get_day_of_week(${seconds}, "UTC")`;
const text = (format: string): string => `timestamp.get_timestamp(${seconds}, "${format}", "UTC")`;

const lowered = (part: TimePart, ...ranges: readonly (readonly [number, number])[]): string =>
  loweredLeaf({
    type: 'time',
    path: 'metadata.event_timestamp',
    test: { kind: 'time', part, ranges: ranges.map(([from, to]) => ({ from, to })) },
  }).text;

describe('parts of the time', () => {
  test.for<[TimePart, readonly (readonly [number, number])[], string]>([
    ['hour', [[3, 3]], `${hour} = 3`],
    ['hour', [[0, 5]], `${hour} <= 5`],
    ['hour', [[22, 23]], `${hour} >= 22`],
    ['minute', [[15, 29]], `${minute} >= 15 ${minute} <= 29`],
    ['day', [[1, 1]], `${text('%d')} = "01"`],
    ['day', [[1, 7]], `re.regex(${text('%d')}, \`^0[1-7]$\`)`],
    ['day', [[9, 10]], `re.regex(${text('%d')}, \`^(?:09|10)$\`)`],
    ['month', [[6, 11]], `re.regex(${text('%m')}, \`^(?:0[6-9]|1[0-1])$\`)`],
    ['week', [[10, 53]], `re.regex(${text('%V')}, \`^(?:[1-4][0-9]|5[0-3])$\`)`],
    ['year', [[2026, 2026]], `${text('%Y')} = "2026"`],
    ['year', [[2026, 9999]], `cast.as_int(${text('%Y')}) >= 2026`],
  ])('%s in %j', ([part, ranges, expected]) => {
    expect(lowered(part, ...ranges)).toBe(expected);
  });

  const [h, d] = [3600, 86_400];
  const weekdays = [0, 1, 2, 3, 4];
  test('office hours are said once for all days', () => {
    const ranges = weekdays.map((at) => [at * d + 7 * h, at * d + 17 * h - 1] as const);
    expect(lowered('second-of-week', ...ranges)).toBe(
      `${day} >= 2 ${day} <= 6 ${hour} >= 7 ${hour} <= 16`,
    );
  });

  test('the weekend is Saturday and Sunday', () => {
    expect(lowered('second-of-week', [5 * d, 7 * d - 1])).toBe(`(${day} = 1 or ${day} = 7)`);
  });

  test('every night', () => {
    const nights = [0, 1, 2, 3, 4, 5, 6].flatMap((at) => [
      [at * d, at * d + 6 * h - 1] as const,
      [at * d + 22 * h, (at + 1) * d - 1] as const,
    ]);
    expect(lowered('second-of-week', ...nights)).toBe(`(${hour} <= 5 or ${hour} >= 22)`);
  });

  test('seconds that begin no minute are refused', () => {
    expect(lowered('second-of-week', [0, 90])).toBe('chronicle/time-part');
  });
});

describe('what they find', () => {
  const ranges: readonly (readonly [TimePart, readonly Range[]])[] = [
    ...(['minute', 'hour', 'day', 'week', 'month'] as const).flatMap((part) => {
      const [least, most] = timeParts[part];
      return [
        [part, [{ from: least, to: least }]],
        [part, [{ from: least + 1, to: most - 1 }]],
        [part, [{ from: most, to: most }]],
        [
          part,
          [
            { from: 9, to: 10 },
            { from: 12, to: 12 },
          ],
        ],
      ] as const;
    }),
    ['year', [{ from: 1999, to: 2004 }]],
    ['year', [{ from: 2026, to: 2026 }]],
    ['second-of-week', [{ from: 27_000, to: 64_799 }]],
    ['second-of-week', [{ from: 27_000, to: 27_059 }]],
    [
      'second-of-week',
      [
        { from: 0, to: 86_399 + 3600 },
        { from: 600_000, to: 604_799 },
      ],
    ],
  ];
  const day = 86_400;
  const years = Array.from({ length: 40 }, (_, at) => Date.UTC(1990 + at, 0, 1) / 1000);
  const times = years.flatMap((start, at) =>
    [-3, -2, -1, 0, 1, 2, 3, 9, 59, 171].flatMap((days) => {
      const midnight = start + days * day;
      return [
        midnight - 1,
        midnight,
        midnight + 59,
        midnight + 32_500,
        midnight + 27_000 + at * 60,
        midnight + 64_800,
      ];
    }),
  );
  const events = times.map(
    (time): TargetEvent => ({
      metadata: { event_timestamp: { seconds: time, nanos: 999_000_000 } },
    }),
  );

  test.for(ranges)('%s in %j', ([part, wanted]) => {
    const { query } = loweredLeaf({
      type: 'time',
      path: 'metadata.event_timestamp',
      test: { kind: 'time', part, ranges: wanted },
    });
    const expected = times.flatMap((time, index) => {
      const value = partOf(time * 1000 + 999, part);
      return wanted.some(({ from, to }) => value >= from && value <= to) ? [index] : [];
    });
    expect(expected.length).toBeGreaterThan(0);
    expect(chronicle.prepare(query ?? '')(events).hits).toEqual(expected);
    expect(chronicle.format(query ?? '')).toBe(query);
  });
});
