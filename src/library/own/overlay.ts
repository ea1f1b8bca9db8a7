import { isDeepStrictEqual } from 'node:util';
import { isMap } from '../../text/is-map.ts';
import type { YamlPath } from '../../yaml/read.ts';

/** A file's content: a map of its keys. */
export type Content = Readonly<Record<string, unknown>>;

/** Which keys of a kind of file are more than one setting; all others are replaced whole. */
export interface Shape {
  /** Maps that are merged key by key, and how many levels deep. */
  readonly maps: Readonly<Record<string, number>>;
  /** Lists whose entries are joined. */
  readonly lists: readonly string[];
}

/** Log sources: what is said of a field is merged word by word. */
export const sourceShape: Shape = {
  maps: { fields: 2, aliases: 1, derived: 1, forms: 1, extract: 1, health: 1, operation: 1 },
  lists: ['never', 'open', 'arrays'],
};

/** Mappings: what is said of a field is replaced, because its evidence is for the whole of it. */
export const mappingShape: Shape = {
  maps: { scope: 1, fields: 1, choices: 3 },
  lists: [],
};

/** Both contents in one; where they differ, `over` holds. */
export function overlay(base: Content, over: Content, { maps, lists }: Shape): Content {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    merged.set(
      key,
      lists.includes(key)
        ? [...new Set([...listOf(merged.get(key)), ...listOf(value)])]
        : merge(merged.get(key), value, maps[key] ?? 0),
    );
  }
  return Object.fromEntries(merged);
}

/** The settings for which two contents have different values. */
export function clashes(a: Content, b: Content, { maps, lists }: Shape): readonly YamlPath[] {
  return Object.keys(b)
    .filter((key) => Object.hasOwn(a, key) && !lists.includes(key))
    .flatMap((key) => differences(a[key], b[key], maps[key] ?? 0, [key]));
}

/** Nothing said of a field (`eventName:`) is an empty map. */
function merge(base: unknown, over: unknown, depth: number): unknown {
  if (depth === 0 || base === undefined) return over;
  if (over === null || over === undefined) return base;
  if (!isMap(base) || !isMap(over)) return over;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    merged.set(key, merge(merged.get(key), value, depth - 1));
  }
  return Object.fromEntries(merged);
}

function differences(a: unknown, b: unknown, depth: number, path: YamlPath): readonly YamlPath[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (depth > 0) {
    if ((a ?? null) === null || (b ?? null) === null) return [];
    if (isMap(a) && isMap(b)) {
      return Object.keys(b)
        .filter((key) => Object.hasOwn(a, key))
        .flatMap((key) => differences(a[key], b[key], depth - 1, [...path, key]));
    }
  }
  return [path];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
