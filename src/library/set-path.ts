/** A raw record. */
type Row = Readonly<Record<string, unknown>>;

/** A copy of a record with a value at a dotted path; numbers index lists, missing containers are made. */
export function setAt(record: Row, path: string, value: unknown): Row {
  return assign(record, path.split('.'), value) as Row;
}

/** A copy without the value at a path; nothing when there is none. */
export function unsetAt(record: Row, path: string): Row | undefined {
  return remove(record, path.split('.')) as Row | undefined;
}

function assign(container: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (/^\d+$/.test(key) && (Array.isArray(container) || container === undefined)) {
    const list: unknown[] = Array.isArray(container) ? [...container] : [];
    list[Number(key)] = assign(list[Number(key)], rest, value);
    return list;
  }
  const map = isMap(container) ? container : {};
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  return { ...map, [key]: assign(inner, rest, value) };
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

function isMap(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
