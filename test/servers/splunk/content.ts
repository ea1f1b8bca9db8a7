import type { JsonObject } from '../http/message.ts';
import type { Entry } from './answer.ts';
import type { Kind, Knowledge, SplunkUser } from './model.ts';
import { isAdmin } from './model.ts';
import { booleans, defaults, numbers } from './settings.ts';
import { mayWrite } from './store.ts';

/** How an installation writes values: all as texts, or truth values and numbers as those of JSON. */
export type ValueStyle = 'text' | 'typed';

const collections: Readonly<Record<Kind, string>> = {
  savedsearches: 'saved/searches',
  macros: 'configs/conf-macros',
  transforms: 'data/transforms/lookups',
};

/** The path of a collection as seen from an owner and an app. */
export function collectionPath(kind: Kind, owner: string, app: string): string {
  const below = collections[kind];
  return `/servicesNS/${encodeURIComponent(owner)}/${encodeURIComponent(app)}/${below}`;
}

/** An object as splunkd shows it to somebody: with all its defaults, and access lists. */
export function entryOf(object: Knowledge, user: SplunkUser, style: ValueStyle): Entry {
  const owner = object.sharing === 'user' ? object.owner : 'nobody';
  const path = `${collectionPath(object.kind, owner, object.app)}/${encodeURIComponent(object.name)}`;
  return {
    name: object.name,
    path,
    updated: new Date(object.updated).toISOString().replace(/\.\d+Z$/, '+00:00'),
    author: object.owner,
    acl: aclOf(object, user),
    content: contentOf(object, style),
  };
}

function aclOf(object: Knowledge, user: SplunkUser): JsonObject {
  const writes = mayWrite(user, object);
  return {
    app: object.app,
    can_change_perms: writes,
    can_list: true,
    can_share_app: writes,
    can_share_global: writes,
    can_share_user: isAdmin(user) || object.owner === user.name,
    can_write: writes,
    modifiable: writes,
    owner: object.owner,
    // What is private has no lists.
    perms: object.sharing === 'user' ? null : { read: object.read, write: object.write },
    removable: object.removable && writes,
    sharing: object.sharing,
  };
}

function contentOf(object: Knowledge, style: ValueStyle): JsonObject {
  switch (object.kind) {
    case 'savedsearches':
      return searchContent(object, style);
    case 'macros':
      return macroContent(object);
    case 'transforms':
      return lookupContent(object);
  }
}

/** Knowledge endpoint descriptions, data/transforms/lookups. */
function lookupContent({ name, settings, app, owner }: Knowledge): JsonObject {
  return {
    disabled: '0',
    filename: `${name}.csv`,
    type: 'file',
    ...settings,
    'eai:acl': null,
    'eai:appName': app,
    'eai:userName': owner,
  };
}

function macroContent({ settings, app, owner }: Knowledge): JsonObject {
  return {
    disabled: '0',
    iseval: '0',
    ...settings,
    'eai:acl': null,
    'eai:appName': app,
    'eai:userName': owner,
  };
}

function searchContent({ settings }: Knowledge, style: ValueStyle): JsonObject {
  const { actions = '', search = '' } = settings;
  // The list enables actions; what is set of `action.<name>` itself is only shown from it.
  const enabled = actions.split(',').map((name) => name.trim());
  const all = { ...defaults, ...settings };
  const derived = Object.keys(all).filter((name) => /^action\.\w+$/.test(name));
  const shown = {
    ...all,
    ...Object.fromEntries(derived.map((name) => [name, '0'])),
    ...Object.fromEntries(enabled.filter(Boolean).map((name) => [`action.${name}`, '1'])),
    qualifiedSearch: /^\s*(?:\||search\b|from\b)/.test(search) ? search : `search ${search}`,
  };
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, shownValue(name, value, style)]),
  );
}

function shownValue(name: string, value: string, style: ValueStyle): unknown {
  const isBoolean = booleans.has(name) || /^action\.\w+$/.test(name);
  const truth = ['1', 'true'].includes(value);
  if (isBoolean) return style === 'typed' ? truth : truth ? '1' : '0';
  return style === 'typed' && numbers.has(name) ? Number(value) : value;
}
