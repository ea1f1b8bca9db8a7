import type { BuiltFiles, BuiltRuleFiles, Desired, PackageSettings, Publisher } from '#backend';
import { type Entry, readConf, type Stanza } from '../package/conf.ts';
import { appSettings } from '../package/settings.ts';
import { type Acl, claim, names, projectionOf } from './held.ts';
import { type Key, markerKey } from './keys.ts';
import { isIndexMacro, isReserved, type Kind, macros, searches } from './kinds.ts';
import { normalSettings } from './values.ts';

type Report = Parameters<Publisher['desired']>[1];

const searchesPath = 'app/default/savedsearches.conf';
const macrosPath = 'app/default/macros.conf';
const metaPath = 'app/metadata/default.meta';
const rebuild = 'Run `siemc build`, and publish what it writes.';

/** The rules' saved searches and the macros that they name, as the built app has them. */
export function desired(
  built: BuiltFiles,
  settings: PackageSettings,
  report: Report,
): readonly Desired[] {
  const acl = accessIn(built.read(metaPath) ?? '', settings);
  const own = readConf(built.read(macrosPath) ?? '')
    .filter(({ title }) => isIndexMacro(title))
    .map((stanza) => objectOf(macros, `${macros.begin}:${stanza.title}`, stanza, acl));
  const stanzas = stanzasByRule(readConf(built.read(searchesPath) ?? ''));
  const rules = built.rules.flatMap((rule): readonly Desired[] => {
    const [stanza, second] = stanzas.get(rule.id) ?? [];
    const problem = stanzaProblem(rule, stanza, second);
    if (stanza === undefined || problem !== undefined) {
      report(searchesPath, {
        code: 'splunk/no-saved-search',
        message: problem ?? '',
        hint: rebuild,
      });
      return [];
    }
    const object = objectOf(searches, `${searches.begin}:${rule.id}`, stanza, acl);
    const search = valueIn(stanza, 'search');
    const needs = own.filter(({ name }) => search.includes(`\`${name}\``)).map(({ key }) => key);
    const { id, title, stem } = rule;
    return [{ ...object, rule: { id, title, stem }, needs }];
  });
  return [...own, ...rules];
}

/** The stanzas of each rule: one, in what a build writes. */
function stanzasByRule(stanzas: readonly Stanza[]): ReadonlyMap<string, readonly Stanza[]> {
  const byRule = new Map<string, Stanza[]>();
  for (const stanza of stanzas) {
    const id = valueIn(stanza, markerKey);
    byRule.set(id, [...(byRule.get(id) ?? []), stanza]);
  }
  return byRule;
}

function stanzaProblem(
  { title, id }: BuiltRuleFiles,
  stanza: Stanza | undefined,
  second: Stanza | undefined,
): string | undefined {
  if (stanza === undefined) return `The app has no saved search of the rule "${title}" (${id}).`;
  if (second !== undefined)
    return `The app has two saved searches of the rule "${title}" (${id}): "${stanza.title}" and "${second.title}".`;
  if (isReserved(stanza.title))
    return `A saved search can't be called "${stanza.title}": the rule (${id}) needs another title.`;
  return valueIn(stanza, 'search') === ''
    ? `The saved search "${stanza.title}" of the rule (${id}) has no search.`
    : undefined;
}

function objectOf(kind: Kind, key: string, stanza: Stanza, acl: Acl): Desired {
  const { title } = stanza;
  const settings = normalSettings(kind.keys, contentOf(kind.keys, stanza.entries));
  return {
    key,
    kind: kind.word,
    name: title,
    projection: projectionOf(new Map([[title, { settings, acl }]])),
    needs: [],
    claims: [claim(kind, title)],
  };
}

/** A stanza's settings by their names over REST. */
function contentOf(
  keys: readonly Key[],
  entries: readonly Entry[],
): Readonly<Record<string, string>> {
  const byConf = new Map(keys.map(({ name, conf = name }) => [conf, name]));
  return Object.fromEntries(entries.map(([key, value]) => [byConf.get(key) ?? key, value]));
}

function valueIn({ entries }: Stanza, wanted: string): string {
  return entries.find(([key]) => key === wanted)?.[1] ?? '';
}

/** Who may see and change what is in the app, as its metadata say, or without them the settings. */
function accessIn(text: string, settings: PackageSettings): Acl {
  const { enterpriseSecurity, readRoles, writeRoles } = appSettings(settings);
  const [meta] = readConf(text);
  const access = meta && valueIn(meta, 'access');
  const [, read, write] = /^read : \[ (.*?) \], write : \[ (.*?) \]$/.exec(access ?? '') ?? [];
  const isGlobal = meta === undefined ? enterpriseSecurity : valueIn(meta, 'export') === 'system';
  return {
    owner: 'nobody',
    sharing: isGlobal ? 'global' : 'app',
    read: read === undefined ? names(readRoles) : names(read.split(', ')),
    write: write === undefined ? names(writeRoles) : names(write.split(', ')),
  };
}
