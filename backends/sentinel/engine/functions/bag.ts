import type { ScalarType } from '../../ast.ts';
import { asDynamic } from '../as-dynamic.ts';
import { type Dynamic, isBag, readJson } from '../json.ts';
import { type Column, type Run, refuse, type Typed } from '../scope.ts';
import { dynamicText, jsonText } from '../value.ts';
import { accept, type Builder, type Functions, lenient, strict } from './define.ts';

type Items = readonly Dynamic[];

/** Functions of property bags and of JSON as text. */
export const bags: Functions = {
  pack: packBag,
  bag_pack: packBag,
  pack_all: ({ scope, args }) => packColumns(scope.columns, args[0]?.constant === true),
  pack_dictionary: packBag,
  bag_keys: strict(['dynamic'], 'dynamic', ([bag]) => (isBag(bag) ? Object.keys(bag) : null)),
  bag_has_key: strict(
    ['dynamic', 'string'],
    'bool',
    ([bag, key]) => isBag(bag) && Object.hasOwn(bag, key),
  ),
  bag_merge: lenient(['dynamic*'], 'dynamic', (bags) =>
    Object.fromEntries(
      [...(bags as readonly unknown[])].reverse().filter(isBag).flatMap(Object.entries),
    ),
  ),
  bag_remove_keys: strict(['dynamic', 'dynamic'], 'dynamic', ([bag, keys]) =>
    isBag(bag)
      ? Object.fromEntries(Object.entries(bag).filter(([key]) => !(keys as Items).includes(key)))
      : null,
  ),
  bag_set_key: strict(['dynamic', 'string', 'any'], 'dynamic', ([bag, key, value]) =>
    isBag(bag) ? { ...(bag as object), [key]: value } : null,
  ),
  bag_zip: lenient(['dynamic', 'dynamic'], 'dynamic', ([keys, values]) => {
    if (!Array.isArray(keys)) return null;
    const all = keys as Items;
    const items: Items = Array.isArray(values) ? values : [];
    return Object.fromEntries(
      all.flatMap((key, i) => (typeof key === 'string' ? [[key, items[i] ?? null]] : [])),
    );
  }),
  gettype: ({ args: [of] }) => {
    if (of === undefined) return refuse('gettype(…) takes one argument');
    return { type: 'string', at: (cells, place) => typeName(of.at(cells, place), of.type) };
  },
  dynamic_to_json: strict(['dynamic'], 'string', ([value]) => jsonText(sortKeys(value))),
  extract_json: extractJson,
  extractjson: extractJson,
};

function packBag({ args, name }: Parameters<Builder>[0]): Typed {
  if (args.length % 2 !== 0) return refuse(`${name}(…) takes pairs of a key and a value`);
  return {
    type: 'dynamic',
    at: (cells, place) => {
      const entries: [string, Dynamic][] = [];
      for (let i = 0; i + 1 < args.length; i += 2) {
        const value = args[i + 1];
        const text = String(args[i]?.at(cells, place));
        entries.push([
          text,
          value === undefined ? null : asDynamic(value.at(cells, place), value.type),
        ]);
      }
      return Object.fromEntries(entries);
    },
  };
}

function packColumns(columns: readonly Column[], ignoreEmpty: boolean): Typed {
  return {
    type: 'dynamic',
    at: (cells) => {
      const entries = columns.map(
        ({ name, type }, i) => [name, asDynamic(cells[i], type)] as const,
      );
      return Object.fromEntries(
        entries.filter(([, value]) => !ignoreEmpty || (value !== null && value !== '')),
      );
    },
  };
}

function typeName(value: unknown, type: ScalarType): string {
  if (type !== 'dynamic') return value === null ? 'null' : type;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isBag(value)) return 'dictionary';
  if (typeof value === 'object') return 'datetime';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  return typeof value === 'bigint' ? 'long' : typeof value === 'boolean' ? 'bool' : 'string';
}

function sortKeys(value: Dynamic): Dynamic {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isBag(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sortKeys(value[name] ?? null)]),
  );
}

function extractJson(call: Parameters<Builder>[0]): Typed {
  if (call.type !== undefined && call.type !== 'string')
    return refuse('extract_json(…) is supported for strings only');
  const [path, of] = accept(call, ['string', 'string']);
  return {
    type: 'string',
    at: (cells, place) => {
      const value = readJson(String(of?.(cells, place)));
      return value === undefined ? '' : textAt(value, String(path?.(cells, place)), place.run);
    },
  };
}

function textAt(root: Dynamic, path: string, run: Run): string {
  let value: Dynamic = root;
  for (const [, dotted, quoted, index] of path.matchAll(
    /\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/g,
  )) {
    const name = dotted ?? quoted?.replace(/\\(.)/g, '$1');
    if (name !== undefined)
      value = isBag(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
    else value = Array.isArray(value) ? (value[Number(index)] ?? null) : null;
  }
  return dynamicText(value, run);
}
