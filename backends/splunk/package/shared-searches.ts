import { type Entry, readConf, type Stanza } from './conf.ts';
import { apart, longestTitle, searchTitle } from './titles.ts';

/**
 * Searches side by side in one app: titles that are the same, whatever the case of their letters, are told apart by the
 * rules' ids, and if those don't differ by numbers in the order of the rules. The app's label is today's, also in
 * searches that were written before.
 */
export function sideBySide(searches: readonly Stanza[], label: string): readonly Stanza[] {
  const titles = searches.map(({ entries, title }) => value(entries, 'action.siemc.title', title));
  const counts = new Map<string, number>();
  for (const title of titles.map(folded)) counts.set(title, (counts.get(title) ?? 0) + 1);
  const taken = new Set<string>();
  return searches.map((search, index) => {
    const title = titles[index] ?? '';
    const isAlone = counts.get(folded(title)) === 1;
    const { entries } = search;
    const isCorrelation = entries.some(([key]) => key === labelKey);
    const id = value(entries, 'action.siemc.rule_id', '');
    let own = isAlone ? title : apart(title, id);
    let name = shortened(own, isCorrelation, label);
    for (let count = 2; taken.has(folded(name)); count += 1) {
      own = `${apart(title, id)} ${count}`;
      name = shortened(own, isCorrelation, label);
    }
    taken.add(folded(name));
    return { title: name, entries: entries.map((entry) => labelled(entry, name)) };
  });
}

const labelKey = 'action.correlationsearch.label';

function labelled([key, text]: Entry, name: string): Entry {
  return [key, key === labelKey ? name : text];
}

function folded(title: string): string {
  return title.toLowerCase();
}

/** What makes titles differ is at their end: what is too much for Enterprise Security goes from before it. */
function shortened(title: string, isCorrelation: boolean, label: string): string {
  const name = searchTitle(title, isCorrelation, label);
  const over = [...name].length - longestTitle;
  if (!isCorrelation || over <= 0) return name;
  const [, start = '', end = ''] = /^(.*?)( \([^()]*\)(?: \d+)?)?$/.exec(title) ?? [];
  const kept = [...start].slice(0, -over).join('').trimEnd();
  return searchTitle(`${kept}${end}`, isCorrelation, label);
}

function value(entries: readonly Entry[], wanted: string, otherwise: string): string {
  return entries.find(([key]) => key === wanted)?.[1] ?? otherwise;
}

/** The one stanza of a part. */
export function partStanza(text: string): Stanza {
  const [stanza] = readConf(text);
  if (stanza === undefined) throw new Error('A part of savedsearches.conf has no stanza.');
  return stanza;
}
