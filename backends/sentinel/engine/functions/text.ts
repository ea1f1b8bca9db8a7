import { Buffer, isUtf8 } from 'node:buffer';
import { refuse } from '../scope.ts';
import { hasTerm } from '../strings.ts';
import { keyOf, textOf } from '../value.ts';
import { type Builder, type Functions, strict } from './define.ts';
import { findAll, rewrite } from './regex.ts';

/** Functions of strings. */
export const texts: Functions = {
  strlen: strict(['string'], 'long', ([s]) => BigInt([...text(s)].length)),
  string_size: strict(['string'], 'long', ([s]) => BigInt(Buffer.byteLength(text(s)))),
  tolower: strict(['string'], 'string', ([s]) => mapCase(text(s), 'toLowerCase')),
  toupper: strict(['string'], 'string', ([s]) => mapCase(text(s), 'toUpperCase')),
  reverse: ({ args: [of], name }) => {
    if (of === undefined) return refuse(`${name}(…) takes one argument`);
    return {
      type: 'string',
      at: (cells, place) => [...textOf(of.at(cells, place), of.type, place.run)].reverse().join(''),
    };
  },
  strcat: ({ args, name }) => {
    if (args.length === 0) return refuse(`${name}(…) needs arguments`);
    return {
      type: 'string',
      at: (cells, place) =>
        args.map((arg) => textOf(arg.at(cells, place), arg.type, place.run)).join(''),
    };
  },
  strcat_delim: ({ args: [delimiter, ...rest] }) => {
    if (delimiter === undefined || rest.length === 0)
      return refuse('strcat_delim(…) takes a delimiter and values');
    return {
      type: 'string',
      at: (cells, place) =>
        rest
          .map((arg) => textOf(arg.at(cells, place), arg.type, place.run))
          .join(text(delimiter.at(cells, place))),
    };
  },
  strrep: ({ args: [of, times, delimiter] }) => {
    if (of === undefined || times === undefined)
      return refuse('strrep(…) takes a value and a number');
    return {
      type: 'string',
      at: (cells, place) => {
        const value = textOf(of.at(cells, place), of.type, place.run);
        const between = delimiter === undefined ? '' : text(delimiter.at(cells, place));
        return Array(Number(times.at(cells, place)))
          .fill(value)
          .join(between);
      },
    };
  },
  strcmp: strict(['string', 'string'], 'long', ([a, b]) => (a < b ? -1n : a > b ? 1n : 0n)),
  substring: strict(['string', 'long', 'long?'], 'string', ([s, start, length]) => {
    const characters = [...text(s)];
    const from = Number(start) < 0 ? Math.max(0, characters.length + Number(start)) : Number(start);
    return characters
      .slice(from, length === undefined ? undefined : from + Number(length))
      .join('');
  }),
  split: strict(['string', 'string', 'long?'], 'dynamic', ([s, delimiter, index]) => {
    const parts = text(delimiter) === '' ? [text(s)] : text(s).split(text(delimiter));
    if (index === undefined) return parts;
    const part = parts[Number(index)];
    return part === undefined ? null : [part];
  }),
  indexof: strict(
    ['any', 'any', 'long?', 'long?', 'long?'],
    'long',
    ([s, wanted, start, length, nth]) =>
      BigInt(
        indexOf(
          text(s),
          text(wanted),
          [start, length, nth].map((n) => (n === undefined ? undefined : Number(n))),
        ),
      ),
  ),
  countof: strict(['string', 'string', 'string?'], 'long', ([s, wanted, kind]) => {
    if (kind !== undefined && text(kind) === 'regex')
      return BigInt(findAll(text(wanted), text(s)).length);
    let count = 0n;
    for (
      let at = text(s).indexOf(text(wanted));
      at !== -1;
      at = text(s).indexOf(text(wanted), at + 1)
    )
      count += 1n;
    return count;
  }),
  replace_string: strict(['string', 'string', 'string'], 'string', ([s, from, to]) =>
    text(from) === '' ? s : text(s).replaceAll(text(from), () => text(to)),
  ),
  replace_regex: strict(['string', 'string', 'string'], 'string', ([s, pattern, to]) =>
    rewrite(text(s), text(pattern), text(to)),
  ),
  replace: strict(['string', 'string', 'string'], 'string', ([pattern, to, s]) =>
    rewrite(text(s), text(pattern), text(to)),
  ),
  trim: trim(['start', 'end']),
  trim_start: trim(['start']),
  trim_end: trim(['end']),
  extract: ({ args, name, type }) => {
    if (args.length < 3) return refuse(`${name}(…) takes a pattern, a group and a text`);
    const [pattern, group, of] = args;
    if (type !== undefined && type !== 'string')
      return refuse('extract(…) is supported for strings only');
    return {
      type: 'string',
      at: (cells, place) => {
        const value = textOf(of?.at(cells, place) ?? '', of?.type ?? 'string', place.run);
        const [found] = findAll(text(pattern?.at(cells, place)), value, 1);
        return found?.groups[Number(group?.at(cells, place) ?? 0)] ?? '';
      },
    };
  },
  extract_all: strict(['string', 'any', 'string?'], 'dynamic', ([pattern, a, b]) => {
    const wanted = b === undefined ? undefined : (a as readonly unknown[]).map(Number);
    const found = findAll(text(pattern), text(b ?? a)).map(({ groups }) => {
      const picked =
        wanted === undefined ? groups.slice(1) : wanted.map((group) => groups[group] ?? '');
      return picked.length === 1 ? picked[0] : picked;
    });
    // Without a match it is null (learn.microsoft.com, extract_all()).
    return found.length === 0 ? null : found;
  }),
  isascii: strict(['string'], 'bool', ([s]) =>
    [...text(s)].every((character) => character <= '\x7f'),
  ),
  isutf8: strict(['string'], 'bool', () => true),
  regex_quote: strict(['string'], 'string', ([s]) =>
    text(s)
      .replace(/[\\.+*?()|[\]{}^$#&\-~ ]/g, '\\$&')
      .replaceAll('\\ ', ' '),
  ),
  base64_encode_tostring: strict(['string'], 'string', ([s]) =>
    Buffer.from(text(s)).toString('base64'),
  ),
  base64_decode_tostring: strict(['string'], 'string', ([s]) =>
    Buffer.from(text(s), 'base64').toString('utf8'),
  ),
  base64_decode_toarray: strict(['string'], 'dynamic', ([s]) => [
    ...Buffer.from(text(s), 'base64'),
  ]),
  base64_encode_fromarray: strict(['dynamic'], 'string', ([bytes]) => {
    const buffer = Buffer.from(bytes as readonly number[]);
    return isUtf8(buffer) ? buffer.toString('base64') : '';
  }),
  url_encode: strict(['string'], 'string', ([s]) => encode(text(s)).replaceAll('%20', '+')),
  url_encode_component: strict(['string'], 'string', ([s]) => encode(text(s))),
  url_decode: strict(['string'], 'string', ([s]) => decode(text(s))),
  tohex: strict(['long', 'long?'], 'string', ([n, width]) =>
    BigInt.asUintN(64, n)
      .toString(16)
      .padStart(width === undefined ? 0 : Number(width), '0'),
  ),
  has_any_index: strict(['string', 'dynamic'], 'long', ([s, wanted], run) => {
    const index = (wanted as readonly unknown[]).findIndex((term) =>
      hasTerm(text(s), keyOf(term, 'string').slice(1), false, run),
    );
    return BigInt(index);
  }),
};

function text(value: unknown): string {
  return String(value);
}

/** Case by character: no rule for letters in context, nothing that changes the number of characters. */
function mapCase(value: string, method: 'toLowerCase' | 'toUpperCase'): string {
  let result = '';
  for (const character of value) {
    const mapped = character[method]();
    result += [...mapped].length === 1 ? mapped : character;
  }
  return result;
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

function trim(ends: readonly ('start' | 'end')[]): Builder {
  return strict(['string', 'string'], 'string', ([pattern, s]) => {
    let result = text(s);
    if (ends.includes('start')) result = cut(`^(?:${text(pattern)})`, result);
    if (ends.includes('end')) result = cut(`(?:${text(pattern)})$`, result);
    return result;
  });
}

function cut(pattern: string, value: string): string {
  const [found] = findAll(pattern, value, 1);
  if (found === undefined || found.start === found.end) return value;
  return cut(pattern, value.slice(0, found.start) + value.slice(found.end));
}

/** Each further occurrence is sought from behind the one before, over the same length. */
function indexOf(
  value: string,
  wanted: string,
  [start, length, nth]: readonly (number | undefined)[],
): number {
  let from = start === undefined ? 0 : start < 0 ? Math.max(0, value.length + start) : start;
  let at = -1;
  for (let left = nth ?? 1; left > 0; left -= 1) {
    const end = length === undefined || length < 0 ? value.length : from + length;
    at = value.indexOf(wanted, from);
    if (at === -1 || at + wanted.length > end) return -1;
    from = at + 1;
  }
  return at;
}
