import { isMap, nameUuid, type Observed } from '#backend';
import { watchlistCsv } from '../package/watchlists.ts';
import { isListKey, listKind } from './identity.ts';
import { entriesOf, entryText } from './list-projection.ts';
import { propertyOf } from './rule-form.ts';

/** An object as files for people: text by path. Rules as bodies of requests, watchlists as their rows. */
export function exported(seen: Observed): ReadonlyMap<string, string> {
  return seen.kind === listKind ? listFiles(seen) : ruleFiles(seen);
}

function ruleFiles({ id, name, projection }: Observed): ReadonlyMap<string, string> {
  const path = `analytics-rules/${fileName(name, id)}`;
  const query = propertyOf(projection, 'query');
  return new Map([
    [`${path}.json`, jsonText(projection)],
    ...(typeof query === 'string' ? [[`${path}.kql`, `${query}\n`] as const] : []),
  ]);
}

/** Of others' watchlists nobody has read what they hold. */
function listFiles({ key, id, projection }: Observed): ReadonlyMap<string, string> {
  const path = `watchlists/${isSafe(id) ? id : fileName(id, nameUuid(aliases, id))}`;
  const { entries: _, ...said } = projection;
  const files = [[`${path}.json`, jsonText(said)] as const];
  if (key === undefined || !isListKey(key)) return new Map(files);
  const rows = entriesOf(projection);
  // A row that has other columns, too, is no entry: it is told as JSON.
  return new Map([...files, [`${path}.csv`, watchlistCsv({ entries: rows.map(entryText) })]]);
}

/** The namespace of what tells aliases apart that are the same but for their signs. */
const aliases = '5f0c3c0e-3d2b-5a0e-b7f0-8f6a1d0c9b44';

/** Whether an alias can be a file's name as it is, also where case doesn't count and some names are devices. */
function isSafe(alias: string): boolean {
  return /^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9_-]*$/.test(alias);
}

/**
 * A name for files of any system, which no other object has: the words of what people call it, and the beginning of what
 * the service calls it.
 */
function fileName(name: string, id: string): string {
  const words = wordsOf(name).slice(0, 80).replace(/-+$/, '');
  const mark = wordsOf(id).replaceAll('-', '').slice(0, 8);
  return [words, mark].filter((part) => part !== '').join('-');
}

function wordsOf(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(isMap(value) ? value : {}, undefined, 2)}\n`;
}
