import type { Json } from '../../backend/api.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { canonical } from '../fingerprint.ts';
import type { Change } from '../model.ts';

type JsonMap = Readonly<Record<string, Json>>;

/** What differs between two values: down to where one of them is no object. */
export function changesBetween(
  from: Json | undefined,
  to: Json | undefined,
  path = '',
): readonly Change[] {
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort(byCodePoint);
    return keys.flatMap((key) =>
      changesBetween(from[key], to[key], path === '' ? key : `${path}.${key}`),
    );
  }
  const isSame =
    from === undefined || to === undefined ? from === to : canonical(from) === canonical(to);
  return isSame ? [] : [{ path, from, to }];
}

function isObject(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
