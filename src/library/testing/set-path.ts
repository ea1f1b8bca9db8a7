import { isMap } from '../../text/is-map.ts';

/** A raw record. */
type Row = Readonly<Record<string, unknown>>;

/**
 * A copy of a record with a value at a path, dotted or a list of keys; numbers index lists, missing containers are
 * made. Nothing when an index lies beyond the end of its list: an index is at most the list's length.
 */
export function setAt(
  record: Row,
  path: string | readonly string[],
  value: unknown,
): Row | undefined {
  const keys = typeof path === 'string' ? path.split('.') : path;
  return assign(record, keys, value) as Row | undefined;
}

/** What stands at a dotted path, in which numbers index lists. */
export function getAt(record: Row, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }, record);
}

/** A copy without the value at a path; nothing when there is none. */
export function unsetAt(record: Row, path: string): Row | undefined {
  return remove(record, path.split('.')) as Row | undefined;
}

function assign(container: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (/^\d+$/.test(key) && (Array.isArray(container) || container === undefined)) {
    const list: readonly unknown[] = Array.isArray(container) ? container : [];
    const index = Number(key);
    if (index > list.length) return undefined;
    const inner = assign(list[index], rest, value);
    return inner === undefined
      ? undefined
      : [...list.slice(0, index), inner, ...list.slice(index + 1)];
  }
  const map = isMap(container) ? container : {};
  const inner = assign(Object.hasOwn(map, key) ? map[key] : undefined, rest, value);
  return inner === undefined ? undefined : { ...map, [key]: inner };
}

function remove(container: unknown, keys: readonly string[]): unknown {
  const [key = '', ...rest] = keys;
  if (Array.isArray(container) && /^\d+$/.test(key) && Number(key) < container.length) {
    if (rest.length === 0) return container.filter((_, index) => index !== Number(key));
    const inner = remove(container[Number(key)], rest);
    return inner === undefined ? undefined : container.with(Number(key), inner);
  }
  if (!isMap(container) || !Object.hasOwn(container, key)) return undefined;
  if (rest.length === 0) {
    return Object.fromEntries(Object.entries(container).filter(([other]) => other !== key));
  }
  const inner = remove(container[key], rest);
  return inner === undefined ? undefined : { ...container, [key]: inner };
}
