import type { CatalogList } from '#backend';
import { render } from './watchlist.csv.hbs.generated.js';

/** The column that holds the entries, and by which queries find them. */
const column = 'value';

/** "Watchlists in Microsoft Sentinel": how large a list may be that is sent as it is; 3.8 MB. */
export const largestContent = 3_800_000;

/** By which watchlists are known that siemc makes. */
export const watchlistProvider = 'siemc';

/** A list of rules as Microsoft Sentinel keeps it: the body of a PUT request under its alias. */
export interface Watchlist {
  readonly alias: string;
  readonly properties: {
    readonly displayName: string;
    readonly description: string;
    readonly provider: string;
    readonly source: string;
    readonly itemsSearchKey: string;
    readonly contentType: 'text/csv';
    readonly numberOfLinesToSkip: number;
    readonly rawContent: string;
  };
}

/** The entries of a list below a header, one a line. */
export function watchlistCsv({ entries }: Pick<CatalogList, 'entries'>): string {
  return render({ column, entries }, { helpers: { csv } });
}

/** The watchlist of a list; nothing if it has to be brought by a storage account. */
export function watchlist(list: CatalogList): Watchlist | undefined {
  const rawContent = watchlistCsv(list).replace(/\n$/, '');
  if (Buffer.byteLength(rawContent) > largestContent) return undefined;
  return {
    alias: list.name,
    properties: {
      ...watchlistFacts(list.name),
      contentType: 'text/csv',
      numberOfLinesToSkip: 0,
      rawContent,
    },
  };
}

/** What a watchlist says of itself, beside what it holds. */
export function watchlistFacts(
  name: string,
): Omit<Watchlist['properties'], 'contentType' | 'numberOfLinesToSkip' | 'rawContent'> {
  return {
    displayName: name,
    description: `The list ${name} of detection rules.`,
    provider: watchlistProvider,
    source: `${name}.csv`,
    itemsSearchKey: column,
  };
}

/** A cell (RFC 4180), in quotes wherever it could be read otherwise than it stands. */
function csv(value: unknown): string {
  const text = String(value);
  return /^[^\s",]+(?: +[^\s",]+)*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}
