import { type Answer, type Feed, refusal } from './answer.ts';
import { collectionPath, entryOf } from './content.ts';
import { formRefusal } from './forms.ts';
import { hasRole, isAdmin, type Kind, type Knowledge } from './model.ts';
import type { Desk, Handler, ObjectRequest } from './requests.ts';
import { mayWrite } from './store.ts';

/** What a namespace shows: 30 objects unless `count` asks for more, 0 and -1 for all. */
export const list: Handler = (asked, desk) => {
  const { kind, at, user, request } = asked;
  const { query } = request;
  const count = Number(query.get('count') ?? '30');
  const offset = Number(query.get('offset') ?? '0');
  if (!Number.isInteger(count) || !Number.isInteger(offset) || offset < 0 || count < -1)
    return refusal(400, 'Invalid value for argument "count" or "offset".');
  const direction = query.get('sort_dir') === 'desc' ? -1 : 1;
  const found = desk.store.list(kind, at, user).filter(searchedFor(query.get('search')));
  const sorted = direction < 0 ? [...found].reverse() : found;
  const shown = count < 1 ? sorted.slice(offset) : sorted.slice(offset, offset + count);
  return { ...feed(asked, desk, shown), total: found.length, perPage: count, offset };
};

/** One object. */
export const read: Handler = (asked, desk) => {
  const object = found(asked, desk);
  return object === undefined ? absent(asked) : feed(asked, desk, [object]);
};

/**
 * Makes an object: private to a user, or the app's where the owner is nobody. A name that the app shares is taken for
 * private objects, too (assumed).
 */
export const create: Handler = (asked, desk) => {
  const { at, user, form, kind } = asked;
  if (at.owner === '-' || at.app === '-')
    return refusal(400, 'An object can be made only for one owner in one app.');
  const wrong = formRefusal(asked, desk, undefined);
  if (wrong !== undefined) return wrong;
  const { name = '', ...settings } = form;
  const shared = at.owner === 'nobody';
  const writers = desk.apps[at.app] ?? [];
  const object: Knowledge = {
    kind,
    name,
    app: at.app,
    owner: at.owner,
    sharing: shared ? 'app' : 'user',
    read: ['*'],
    write: writers,
    settings,
    updated: desk.now(),
    removable: true,
  };
  if (shared && !isAdmin(user) && !hasRole(user, writers)) return forbidden(asked, object);
  const taken = desk.store.at(object) ?? desk.store.at({ ...object, sharing: 'app' });
  if (taken !== undefined) return refusal(409, takenText(kind, name));
  desk.store.put(object);
  return { ...feed(asked, desk, [object]), status: 201 };
};

/**
 * Sets what is sent and nothing else. Through a user's namespace a shared object stays as it is: the user gets a
 * private copy. Through an app that only sees the object of another one, that app gets a copy (assumed).
 */
export const update: Handler = (asked, desk) => {
  const { at, user, form } = asked;
  const object = found(asked, desk);
  if (object === undefined) return absent(asked);
  const wrong = formRefusal(asked, desk, object.settings);
  if (wrong !== undefined) return wrong;
  const changed: Knowledge = {
    ...object,
    settings: { ...object.settings, ...form },
    updated: desk.now(),
  };
  const { sharing } = object;
  const copy: Knowledge =
    sharing !== 'user' && at.owner !== 'nobody' && at.owner !== '-'
      ? { ...changed, app: appOf(asked, object), owner: at.owner, sharing: 'user', removable: true }
      : appOf(asked, object) === object.app
        ? changed
        : { ...changed, app: at.app, sharing: 'app', write: desk.apps[at.app] ?? [] };
  if (!mayWrite(user, copy)) return forbidden(asked, object);
  desk.store.put(copy);
  return feed(asked, desk, [copy]);
};

/** Deletes the object that lies nearest: a private copy before what is shared. */
export const remove: Handler = (asked, desk) => {
  const { user } = asked;
  const object = found(asked, desk);
  if (object === undefined) return absent(asked);
  if (!mayWrite(user, object)) return forbidden(asked, object);
  if (!object.removable)
    return refusal(403, `Object id=${object.name} cannot be deleted in config=${object.kind}.`);
  desk.store.remove(object);
  return list({ ...asked, name: undefined }, desk);
};

/** The object that a request names, seen from its namespace. */
export function found(asked: ObjectRequest, desk: Desk): Knowledge | undefined {
  return desk.store.find(asked.kind, asked.at, asked.name ?? '', asked.user);
}

/** There is none. */
export function absent({ name = '' }: ObjectRequest): Answer {
  return refusal(404, `Could not find object id=${name}`);
}

/** It is there, and not for this user to change. */
export function forbidden({ user }: ObjectRequest, object: Knowledge): Answer {
  const roles = (names: readonly string[]): string => `[ ${names.join(', ')} ]`;
  return refusal(
    403,
    `User '${user.name}' with roles { ${user.roles.join(', ')} } cannot write: /${object.owner}/${object.app}/${object.kind}/${encodeURIComponent(object.name)} { read : ${roles(object.read)}, write : ${roles(object.write)} }, removable: ${object.removable ? 'yes' : 'no'}`,
  );
}

/** Objects as an answer. */
export function feed(asked: ObjectRequest, desk: Desk, objects: readonly Knowledge[]): Feed {
  const { kind, at, user } = asked;
  return {
    kind: 'feed',
    status: 200,
    path: collectionPath(kind, at.owner, at.app),
    entries: objects.map((object) => entryOf(object, user, desk.style)),
    total: objects.length,
    perPage: 30,
    offset: 0,
  };
}

function takenText(kind: Kind, name: string): string {
  return kind === 'macros'
    ? `An object with name=${name} already exists`
    : `Unable to create saved search with name '${name}'. A saved search with that name already exists.`;
}

function appOf({ at }: ObjectRequest, object: Knowledge): string {
  return at.app === '-' ? object.app : at.app;
}

/** `search=name=x` asks for a value, any other text for a part of the name or of a setting. */
function searchedFor(search: string | null): (object: Knowledge) => boolean {
  if (search === null || search === '') return () => true;
  const [, key, value] = /^([\w.]+)="?(.*?)"?$/s.exec(search) ?? [];
  if (key === 'name') return ({ name }) => name === value;
  if (key !== undefined) return ({ settings }) => settings[key] === value;
  return ({ name, settings }) =>
    [name, ...Object.values(settings)].some((text) => text.includes(search));
}
