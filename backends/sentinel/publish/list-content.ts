import type { Json } from '#backend';
import { largestContent, watchlistCsv } from '../package/watchlists.ts';
import { entryText } from './list-projection.ts';

/** The properties of a request that uploads rows. */
export function contentFields(entries: readonly Json[]): Readonly<Record<string, Json>> {
  return { contentType: 'text/csv', numberOfLinesToSkip: 0, rawContent: contentOf(entries) };
}

/** Rows as they are uploaded. */
export function contentOf(entries: readonly Json[]): string {
  return watchlistCsv({ entries: entries.map(entryText) }).replace(/\n$/, '');
}

/** As many entries as one request takes, at least one; each costs its quotes and its line end, too. */
export function fitting(entries: readonly Json[]): readonly Json[] {
  let size = Buffer.byteLength(contentOf([]));
  const end = entries.findIndex((entry, index) => {
    size += Buffer.byteLength(contentOf([entry])) - Buffer.byteLength(contentOf([])) + 1;
    return index > 0 && size > largestContent;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

/** The entries that are left when others are taken away, each once for each. */
export function without(entries: readonly Json[], others: readonly Json[]): readonly Json[] {
  const left = new Map<string, number>();
  for (const one of others) {
    const text = JSON.stringify(one);
    left.set(text, (left.get(text) ?? 0) + 1);
  }
  return entries.filter((entry) => {
    const text = JSON.stringify(entry);
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}
