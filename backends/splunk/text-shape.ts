import type { Mapping } from '#backend';
import { preludeOf } from './prelude.ts';

/**
 * How an event's text holds the record: as it is, as the only value below some keys, or nobody knows how,
 * where fields have other names than their own.
 */
export type TextShape =
  | { readonly kind: 'record' }
  | { readonly kind: 'wrapped'; readonly keys: readonly string[] }
  | { readonly kind: 'unknown' };

const known = new WeakMap<Mapping, TextShape>();

/** What a mapping says of the text: all its places have their fields' names, with the same keys before each. */
export function shapeOfText(mapping: Mapping): TextShape {
  const before = known.get(mapping);
  if (before !== undefined) return before;
  const prefixes = new Set(
    mapping.entries.flatMap(({ field, places }) =>
      places
        .filter(({ path }) => !preludeOf(mapping).columns.has(path))
        .map(({ path, values }) =>
          values === undefined ? prefixOf(path.replaceAll('{}', ''), field) : undefined,
        ),
    ),
  );
  const [prefix = ''] = prefixes;
  const shape: TextShape =
    prefixes.size > 1 || prefixes.has(undefined)
      ? { kind: 'unknown' }
      : prefix === ''
        ? { kind: 'record' }
        : { kind: 'wrapped', keys: prefix.slice(0, -1).split('.') };
  known.set(mapping, shape);
  return shape;
}

/** `data.` of `data.a.b` for the field `a.b`. */
function prefixOf(path: string, field: string): string | undefined {
  if (path === field) return '';
  return path.endsWith(`.${field}`) ? path.slice(0, -field.length) : undefined;
}
