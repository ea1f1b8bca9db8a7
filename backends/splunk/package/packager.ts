import type { Bundle, Packager } from '#backend';
import { listedField } from '../names.ts';
import { appStanzas, indexMacros, manifest, metaStanzas, readme } from './app.ts';
import { printConf, readConf, type Stanza } from './conf.ts';
import { lookupFile, lookupStanza, lookupTable } from './lookups.ts';
import { readStem, savedSearch } from './saved-search.ts';
import { appSettings } from './settings.ts';
import { partStanza, sideBySide } from './shared-searches.ts';

const searchesPath = 'app/default/savedsearches.conf';
const lookupsPath = 'app/default/transforms.conf';
const written =
  'Written by siemc build. What is changed by hand is lost; changes belong into local/.';

/** A Splunk app: the rules as saved searches, and the macros and lookups that these name. */
export const packager: Packager = {
  part: (rule, settings) => partOf(savedSearch(rule, settings)),
  bundle,
  partsIn(read) {
    const stanzas = readConf(read(searchesPath) ?? '').flatMap(
      (stanza): readonly (readonly [string, string])[] => {
        const [, path = ''] = stanza.entries.find(([key]) => key === 'action.siemc.path') ?? [];
        const stem = readStem(path);
        return stem === undefined || stem === '' ? [] : [[stem, partOf(stanza)]];
      },
    );
    return new Map(stanzas);
  },
};

function tablePath(list: string): string {
  return `app/lookups/${lookupFile(list)}`;
}

function partOf(stanza: Stanza): string {
  return printConf([], [stanza]);
}

function bundle(bundled: Bundle): ReadonlyMap<string, string> {
  const { parts, lists, mappings, former } = bundled;
  const settings = appSettings(bundled.settings);
  const searches = parts.map(({ text }) => partStanza(text));
  // While rules can't be built there are lists and logs among these that no search names.
  const texts = searches.map(({ entries }) => new Map(entries).get('search') ?? '');
  const isNamed = (command: string): boolean => texts.some((text) => text.includes(command));
  const isLookedIn = (name: string): boolean => isNamed(`| lookup ${listedField(name)} value`);
  const tables = lists.filter(({ name }) => isLookedIn(name));
  const known = new Set(tables.map(({ name }) => name));
  // Lists that are gone, or have errors themselves, and which searches name that stay.
  const left = readConf(former.get(lookupsPath) ?? '').filter(
    ({ title }) => !known.has(title) && isLookedIn(title),
  );
  const files = new Map([
    ...left.flatMap(({ title }): readonly (readonly [string, string])[] => {
      const path = tablePath(title);
      const text = former.get(path);
      return text === undefined ? [] : [[path, text]];
    }),
    ...tables.map((list) => [tablePath(list.name), lookupTable(list)] as const),
  ]);
  const logs = mappings.filter(({ scope: { macro } }) => macro && isNamed(`\`${macro}\``));
  const conf = (stanzas: readonly Stanza[]): string => printConf([written], stanzas);
  return new Map([
    [searchesPath, conf(sideBySide(searches, settings.label))],
    ['app/default/macros.conf', conf(indexMacros(logs, settings))],
    [lookupsPath, conf([...tables.map(lookupStanza), ...left])],
    ...files,
    ['app/default/app.conf', conf(appStanzas(settings))],
    ['app/metadata/default.meta', conf(metaStanzas(settings))],
    ['app/app.manifest', manifest(settings)],
    ['app/README.md', readme(settings, searches.length, files.size)],
  ]);
}
