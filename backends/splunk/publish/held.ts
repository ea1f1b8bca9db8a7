import { byCodePoint, isMap, type Json, type Observed, type Projection } from '#backend';
import type { Settings } from './keys.ts';
import type { Kind } from './kinds.ts';

/** Who may see and change an object. */
export interface Acl {
  readonly owner: string;
  /** `app`: those in the app; `global`: those in any app. */
  readonly sharing: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** What there is of a rule or a macro in an app: by name the settings and the access list that siemc says. */
export type Parts = ReadonlyMap<string, { readonly settings: Settings; readonly acl: Acl }>;

/** What else there is of it that siemc says nothing of. */
export interface Beside {
  /** Names of those that come with the app, which Splunk doesn't delete. */
  readonly fixed: readonly string[];
  /** By name what others have set: actions that they added, and their parameters. */
  readonly others: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names that it should have and something else has. */
  readonly taken: readonly string[];
}

/** Nothing. */
export const nothingBeside: Beside = { fixed: [], others: {}, taken: [] };

/** As plain data, in one order. */
export function projectionOf(parts: Parts): Projection {
  return Object.fromEntries(
    inOrder(parts).map(([name, { settings, acl }]) => {
      const { owner, sharing, read, write } = acl;
      return [name, { ...settings, acl: { owner, sharing, read, write } }];
    }),
  );
}

/** What a projection says, which `projectionOf` made. */
export function partsOf(projection: Projection): Parts {
  return new Map(
    Object.entries(projection).map(([name, value]) => {
      const { acl, ...settings } = isMap(value) ? value : {};
      return [name, { settings: settings as Settings, acl: aclOf(acl) }];
    }),
  );
}

function aclOf(value: unknown): Acl {
  const { owner, sharing, read, write } = isMap(value) ? value : {};
  return { owner: String(owner), sharing: String(sharing), read: names(read), write: names(write) };
}

/** A list of names in one order. */
export function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? [...new Set(value.map(String))].sort(byCodePoint) : [];
}

/** What there is of a rule or a macro; nothing where there is nothing. */
export function observed(
  kind: Kind,
  key: string | undefined,
  parts: Parts,
  beside: Beside,
): Observed | undefined {
  const all = inOrder(parts).map(([name]) => name);
  const [id] = all;
  if (id === undefined) return undefined;
  return {
    key,
    kind: kind.word,
    name: all.join(', '),
    id,
    projection: projectionOf(parts),
    claims: all.map((name) => claim(kind, name)),
    ...factsOf(all, beside),
  };
}

/** What a kind of object can't have twice in an app, capitals and all. */
export function claim({ word }: Kind, name: string): string {
  return `${word}:${name}`;
}

/** What `observed` was given beside the parts. */
export function besideOf({ facts = {} }: Pick<Observed, 'facts'>): Beside {
  const { fixed, others, taken } = facts;
  return {
    fixed: names(fixed),
    others: (isMap(others) ? others : {}) as Beside['others'],
    taken: names(taken),
  };
}

/** Only what is there, and only of parts that are. */
function factsOf(
  all: readonly string[],
  { fixed, others, taken }: Beside,
): { readonly facts?: Readonly<Record<string, Json>> } {
  const kept = all.flatMap((name) => {
    const own = Object.hasOwn(others, name) ? others[name] : undefined;
    return own === undefined || Object.keys(own).length === 0 ? [] : [[name, own] as const];
  });
  const left = all.filter((name) => fixed.includes(name));
  const facts = {
    ...(left.length > 0 && { fixed: left }),
    ...(kept.length > 0 && { others: Object.fromEntries(kept) }),
    ...(taken.length > 0 && { taken }),
  };
  return Object.keys(facts).length === 0 ? {} : { facts };
}

function inOrder<T>(parts: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...parts].sort(([a], [b]) => byCodePoint(a, b));
}
