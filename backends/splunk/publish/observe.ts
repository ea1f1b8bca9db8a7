import { type Goal, type Observed, type Read, RemoteProblem } from '#backend';
import { type Entry, onlyEntry, type Page, pageOf, unreadable } from './entries.ts';
import { type Beside, besideOf, nothingBeside, observed, type Parts, partsOf } from './held.ts';
import { type Kind, keyOf, kindOf, macros, searches } from './kinds.ts';
import { othersIn } from './others.ts';
import { type Place, pathOf, reading } from './requests.ts';
import { linesOf, normalSettings } from './values.ts';

/** How many objects a page has: their replies are some kilobytes each. */
const pageSize = 200;

/** All saved searches and macros of the app: those of one rule are one, each of others is one by itself. */
export async function observe(place: Place, read: Read): Promise<readonly Observed[]> {
  const found = [];
  for (const kind of [searches, macros]) {
    const entries = await listed(place, kind, read);
    const ours = new Map<string, Entry[]>();
    for (const entry of entries) {
      const key = keyOf(kind, entry.name, entry.content);
      if (key === undefined) found.push(together(kind, key, [entry]));
      else ours.set(key, [...(ours.get(key) ?? []), entry]);
    }
    for (const [key, group] of ours) found.push(together(kind, key, group));
  }
  return found.filter((one) => one !== undefined);
}

/**
 * What there is of one object under the names that it has and shall have. Names that something else has are told beside
 * it (`stuck`), or where there is nothing of it, thrown.
 */
export async function observeOne(
  place: Place,
  read: Read,
  goal: Goal,
  seen: Observed | undefined,
): Promise<Observed | undefined> {
  const present = goal.kind === 'present' ? goal.object : undefined;
  const { key, kind: word } = present ?? seen ?? {};
  if (word === undefined) return undefined;
  const kind = kindOf({ kind: word });
  const wanted = [...partsOf(present?.projection ?? {}).keys()];
  const names = new Set([...wanted, ...partsOf(seen?.projection ?? {}).keys()]);
  const entries: Entry[] = [];
  for (const name of names) {
    const reply = await read(reading(place, pathOf(kind, name)));
    if (reply.status === 404) continue;
    const entry = onlyEntry(reply);
    if (entry === undefined) throw unreadable();
    if (isOfApp(place, entry)) entries.push(entry);
  }
  const isOurs = (entry: Entry): boolean => keyOf(kind, entry.name, entry.content) === key;
  const others = entries.filter((entry) => !isOurs(entry) && wanted.includes(entry.name));
  const taken = others.map(({ name }) => name);
  const found = together(kind, key, entries.filter(isOurs), taken);
  const [first] = taken;
  if (found === undefined && first !== undefined)
    throw new RemoteProblem('publish/name-taken', takenText(kind, first));
  return found;
}

/** Why an object can't have a name. */
export function takenText({ word }: Kind, name: string): string {
  return `The app has a ${word} "${name}" that isn't of this rule. Rename or delete one of the two.`;
}

/** An object with one of its parts as a reply shows it, the others as they were; nothing if it shows something else. */
export function withPart(
  place: Place,
  kind: Kind,
  key: string,
  entry: Entry,
  seen: Observed | undefined,
): Observed | undefined {
  if (!isOfApp(place, entry) || keyOf(kind, entry.name, entry.content) !== key) return undefined;
  const before = seen === undefined ? nothingBeside : besideOf(seen);
  const now = besideIn(kind, [entry]);
  const isOther = (name: string): boolean => name !== entry.name;
  return observed(
    kind,
    key,
    new Map([...partsOf(seen?.projection ?? {}), ...partsIn(kind, key, [entry])]),
    {
      fixed: [...before.fixed.filter(isOther), ...now.fixed],
      others: { ...before.others, ...now.others },
      taken: before.taken.filter(isOther),
    },
  );
}

function together(
  kind: Kind,
  key: string | undefined,
  entries: readonly Entry[],
  taken: readonly string[] = [],
): Observed | undefined {
  return observed(kind, key, partsIn(kind, key, entries), { ...besideIn(kind, entries), taken });
}

/** Searches of others are told as they wrote them. */
function partsIn(kind: Kind, key: string | undefined, entries: readonly Entry[]): Parts {
  return new Map(
    entries.map(({ name, content, acl }) => {
      const { search, ...rest } = content;
      const settings =
        key === undefined && typeof search === 'string'
          ? { ...normalSettings(kind.keys, rest), search: linesOf(search) }
          : normalSettings(kind.keys, content);
      return [name, { settings, acl }];
    }),
  );
}

function besideIn(kind: Kind, entries: readonly Entry[]): Pick<Beside, 'fixed' | 'others'> {
  return {
    fixed: entries.filter(({ isRemovable }) => !isRemovable).map(({ name }) => name),
    others: Object.fromEntries(entries.map(({ name, content }) => [name, othersIn(kind, content)])),
  };
}

/** A namespace also shows what other apps share with all: that is in nobody's way. */
function isOfApp({ app }: Place, entry: Entry): boolean {
  return entry.app === app;
}

/** All of the app's objects of a kind. Where somebody makes or deletes some meanwhile, pages overlap: it begins anew. */
async function listed(place: Place, kind: Kind, read: Read): Promise<readonly Entry[]> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const found = await pages(place, kind, read);
    if (found !== undefined) return found.filter((entry) => isOfApp(place, entry));
  }
  throw new RemoteProblem(
    'publish/busy',
    `Each of three times that ${kind.plural} were listed, some were made or deleted meanwhile.`,
    'Run it again when nobody else publishes.',
  );
}

async function pages(place: Place, kind: Kind, read: Read): Promise<readonly Entry[] | undefined> {
  const entries = new Map<string, Entry>();
  let page = await pageAt(place, kind, read, 0);
  const { total } = page;
  let count = 0;
  while (page.entries.length > 0) {
    for (const entry of page.entries) entries.set(JSON.stringify([entry.app, entry.name]), entry);
    count += page.entries.length;
    if (count >= total) break;
    page = await pageAt(place, kind, read, count);
    if (page.total !== total) return undefined;
  }
  return entries.size === count ? [...entries.values()] : undefined;
}

async function pageAt(place: Place, kind: Kind, read: Read, offset: number): Promise<Page> {
  const query = {
    count: String(pageSize),
    offset: String(offset),
    sort_key: 'name',
    sort_dir: 'asc',
  };
  const reply = await read(reading(place, kind.collection, query));
  if (reply.status === 404) throw noApp(place);
  return pageOf(reply);
}

function noApp({ app, origin }: Place): RemoteProblem {
  return new RemoteProblem(
    'publish/no-app',
    `Splunk at ${origin} has no app "${app}".`,
    'Install the app first: the folder `app` of the destination in `dist-rules`, under this name. It brings the lookups.',
  );
}
