import {
  hasRole,
  isAdmin,
  type Kind,
  type Knowledge,
  type Namespace,
  type SplunkUser,
} from './model.ts';

/** The objects of a Splunk installation. */
export interface Store {
  all(): readonly Knowledge[];
  /** What a namespace shows to somebody, in the order of names; what lies nearer hides what lies further. */
  list(kind: Kind, at: Namespace, user: SplunkUser): readonly Knowledge[];
  find(kind: Kind, at: Namespace, name: string, user: SplunkUser): Knowledge | undefined;
  /** The object in one place exactly. */
  at(place: Place): Knowledge | undefined;
  put(object: Knowledge): void;
  remove(object: Knowledge): void;
}

/** What tells objects apart: shared ones belong to their app, whoever owns them. */
export type Place = Pick<Knowledge, 'kind' | 'name' | 'app' | 'owner' | 'sharing'>;

/** A store of these objects. */
export function storeOf(objects: readonly Knowledge[]): Store {
  const known = new Map(objects.map((object) => [keyOf(object), object]));
  const visible = (kind: Kind, at: Namespace, user: SplunkUser): readonly Knowledge[] =>
    [...known.values()]
      .filter((object) => object.kind === kind && lies(object, at) && mayRead(user, object))
      .sort(
        (a, b) => order(a.name, b.name) || distance(a, at) - distance(b, at) || order(a.app, b.app),
      );
  return {
    all: () => [...known.values()],
    list(kind, at, user) {
      const objects = visible(kind, at, user);
      if (at.owner === '-' || at.app === '-') return objects;
      return objects.filter((object, index) => object.name !== objects[index - 1]?.name);
    },
    find: (kind, at, name, user) => visible(kind, at, user).find((object) => object.name === name),
    at: (place) => known.get(keyOf(place)),
    put: (object) => known.set(keyOf(object), object),
    remove: (object) => known.delete(keyOf(object)),
  };
}

/** Whether somebody may change an object. */
export function mayWrite(user: SplunkUser, object: Knowledge): boolean {
  return isAdmin(user) || object.owner === user.name || hasRole(user, object.write);
}

function mayRead(user: SplunkUser, object: Knowledge): boolean {
  if (isAdmin(user) || object.owner === user.name) return true;
  return object.sharing !== 'user' && hasRole(user, object.read);
}

function keyOf({ kind, name, app, owner, sharing }: Place): string {
  return JSON.stringify([kind, app, sharing === 'user' ? owner : null, name]);
}

/** Whether a namespace reaches an object. */
function lies({ app, owner, sharing }: Knowledge, at: Namespace): boolean {
  if (sharing === 'user' && at.owner !== '-' && at.owner !== owner) return false;
  return sharing === 'global' || at.app === '-' || at.app === app;
}

/** A private object lies nearer than a shared one, and that of the app nearer than those of others. */
function distance({ app, sharing }: Knowledge, at: Namespace): number {
  return (sharing === 'user' ? 0 : 1) + (app === at.app ? 0 : 2);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
