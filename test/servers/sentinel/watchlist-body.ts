import { isObject, type JsonObject } from '../http/message.ts';
import { rowsOf } from './csv.ts';
import { secondsOf } from './duration.ts';
import { listOf, matches, oneOf, shapeProblem, text, truth, whole } from './shape.ts';

/** Of 3 to 64 letters, digits, blanks, hyphens and underscores; letters or digits at both ends. */
const name = /^[A-Za-z0-9][\w\s-]{1,62}[A-Za-z0-9]$/;

/** What a watchlist's properties may be in a request (Watchlists.json of 2025-09-01, WatchlistProperties). */
const required = {
  displayName: matches(name, 64),
  provider: text(1, 256),
  itemsSearchKey: text(1, 256),
};

const optional = {
  watchlistAlias: text(3, 64),
  source: text(0, 1024),
  sourceType: oneOf('Local', 'AzureStorage'),
  description: text(0, 5000),
  watchlistType: text(0, 256),
  labels: listOf(text(0, 256)),
  defaultDuration: (value: unknown) =>
    secondsOf(value) === undefined ? 'should be a duration of ISO 8601' : undefined,
  isDeleted: truth,
  numberOfLinesToSkip: whole(0, 1_000_000),
  rawContent: text(0, Infinity),
  contentType: oneOf('text/csv', 'text/tsv'),
};

/** 3.8 MB: what a file may have that is uploaded with the watchlist. */
const maxBytes = 3_800_000;

/** Why a body can't be that of a watchlist with this alias. */
export function watchlistProblem(alias: string, body: JsonObject): string | undefined {
  const { properties } = body;
  const stray = Object.keys(body).find((key) => !['etag', 'properties'].includes(key));
  if (stray !== undefined) return `Could not find member '${stray}' on object of type 'Watchlist'.`;
  if (!isObject(properties)) return "Required property 'properties' not found in JSON.";
  if (!name.test(alias))
    return `The alias '${alias}' should have 3 to 64 letters, digits, blanks, hyphens or underscores.`;
  const problem = shapeProblem(properties, required, optional);
  if (problem !== undefined) return problem;
  const { rawContent, contentType, watchlistAlias, itemsSearchKey } = properties;
  if (watchlistAlias !== undefined && watchlistAlias !== alias)
    return `The alias '${String(watchlistAlias)}' is not that of the address.`;
  if (rawContent === undefined) return undefined;
  if (contentType === undefined) return "The property 'rawContent' needs a 'contentType'.";
  if (Buffer.byteLength(String(rawContent)) > maxBytes) return 'The content is larger than 3.8 MB.';
  const [header = []] = tableOf(properties);
  return header.includes(String(itemsSearchKey))
    ? undefined
    : `The search key '${String(itemsSearchKey)}' is no column of the content.`;
}

/** The rows that a watchlist is uploaded with, by column. */
export function uploadedRows(properties: JsonObject): readonly JsonObject[] {
  const [header = [], ...rows] = tableOf(properties);
  return rows.map((row) =>
    Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])),
  );
}

function tableOf(properties: JsonObject): readonly (readonly string[])[] {
  const { rawContent = '', contentType, numberOfLinesToSkip = 0 } = properties;
  const lines = String(rawContent).split('\n').slice(Number(numberOfLinesToSkip));
  return rowsOf(lines.join('\n'), contentType === 'text/tsv' ? '\t' : ',');
}
