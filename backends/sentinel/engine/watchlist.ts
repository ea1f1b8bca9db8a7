import { type NamedList, QueryRunError } from '#backend';
import type { Column, Row, Rows } from './scope.ts';

/**
 * The columns that `_GetWatchlist` gives of any watchlist, and the one of ours: the search key's own name is
 * "value" (watchlists-queries: "The SearchKey is shown as its own column").
 */
const columns: readonly Column[] = [
  { name: '_DTItemId', type: 'string' },
  { name: 'LastUpdatedTimeUTC', type: 'datetime' },
  { name: 'SearchKey', type: 'string' },
  { name: 'value', type: 'string' },
];

/** The items of a watchlist, which the run has to have. */
export function watchlist(alias: string): Rows {
  return {
    columns,
    serialized: false,
    of: ({ lists }) => {
      const list = lists.find(({ name }) => name === alias);
      if (list === undefined) throw new QueryRunError(missing(alias, lists));
      return list.entries.map(
        (entry, i): Row => ({ cells: [String(i), null, entry, entry], event: undefined }),
      );
    },
  };
}

function missing(alias: string, lists: readonly NamedList[]): string {
  const known = lists.map(({ name }) => `"${name}"`).join(', ');
  return `There is no watchlist "${alias}"${known === '' ? '' : ` among ${known}`}`;
}
