import { isMap } from '../text/is-map.ts';
import type { RawPath } from './form.ts';

/** The value at a path of maps; nothing where it leads nowhere. */
export function valueAt(record: unknown, path: RawPath): unknown {
  let value = record;
  for (const key of path) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy of a map with a value at a path; what stands in the way is replaced by a map. */
export function withValue(
  record: unknown,
  path: RawPath,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const map = isMap(record) ? record : {};
  const [key = '', ...rest] = path;
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  const next = rest.length === 0 ? value : withValue(inner, rest, value);
  // A map of the entries: "__proto__" is a key like others.
  return Object.fromEntries([
    ...Object.entries(map).filter(([other]) => other !== key),
    [key, next],
  ]);
}

/** The text of a value that isn't a container; nothing of others. */
export function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
    ? String(value)
    : undefined;
}
