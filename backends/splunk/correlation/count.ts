import { leastCount, type MappedCorrelation } from '#backend';
import { calculate, call, compare, field, joined, number } from '../eval-build.ts';
import { assign, evaluate, type Hits, milliseconds, noted, type Rows, sortBy } from './shape.ts';

/** No window of streamstats holds more events (limits.conf, max_stream_window). */
const largestWindow = 10_000;

/**
 * "At least n events", for n that streamstats can hold: the nth event back isn't older than the window.
 * What holds of the last event of a time holds of all events of that time: those are the rows before it in
 * the opposite order. As a time's events lie together, it doesn't matter whether streamstats counts all rows
 * before or the last 10,000: among so many of one time, all from the nth on are hits by themselves.
 */
export function countAtLeast(
  rows: Rows,
  { condition, window }: MappedCorrelation,
): Hits | undefined {
  if (condition.kind !== 'count' || rows.amount !== undefined) return undefined;
  const least = leastCount(condition.bounds);
  if (least === undefined || least > largestWindow) return undefined;
  if (least < 2) return { commands: [], time: milliseconds, shown: [] };
  const at = field('siemc_at');
  const enough = joined('and', [
    compare(field('siemc_events'), '==', number(least)),
    compare(calculate(at, '-', field('siemc_first')), '<=', number(window)),
  ]);
  return {
    commands: [
      ...evaluate([assign('siemc_at', milliseconds)]),
      sortBy(rows.keys, ['siemc_at']),
      noted(
        {
          kind: 'streamstats',
          options: [
            { name: 'global', value: 'f' },
            { name: 'window', value: String(least) },
          ],
          aggregates: [
            { name: 'count', of: undefined, as: 'siemc_events' },
            { name: 'min', of: { kind: 'field', name: 'siemc_at' }, as: 'siemc_first' },
          ],
          by: rows.keys,
        },
        `The last ${least} events of a group: since when?`,
      ),
      ...evaluate([assign('siemc_hit', call('if', enough, number(1), number(0)))]),
      { kind: 'reverse' },
      noted(
        {
          kind: 'streamstats',
          options: [],
          aggregates: [{ name: 'max', of: { kind: 'field', name: 'siemc_hit' }, as: 'siemc_hits' }],
          by: [...rows.keys, 'siemc_at'],
        },
        'Events of one time are hits together.',
      ),
    ],
    isHit: compare(field('siemc_hits'), '==', number(1)),
    time: at,
    shown: [],
  };
}
