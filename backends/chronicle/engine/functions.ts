import {
  inNetwork,
  isAscii,
  type NamedList,
  parseAddress,
  parseNetwork,
  QueryRunError,
} from '#backend';
import type { Readings } from './readings.ts';
import { capture, replace } from './regular-expressions.ts';
import { calendarOf, formatTime, weekOf } from './times.ts';
import { textOf, type Value } from './value.ts';

/** What a function gives, as far as types are checked. */
export type ResultType = 'string' | 'number' | 'boolean' | 'list';

/** A function of YARA-L by its documentation ("YARA-L 2.0 language syntax", Functions). */
export interface YaraFunction {
  readonly result: ResultType;
  /** How many arguments it takes, at least and at most. */
  readonly arity: readonly [number, number];
  apply(values: readonly Value[], context: CallContext): Value;
}

/** What expressions need beside events. */
export interface CallContext {
  readonly readings: Readings;
  /** The reference lists that there are, by name. */
  readonly lists: ReadonlyMap<string, NamedList>;
  /** Unix seconds of the run. */
  readonly now: number;
}

const many = Number.POSITIVE_INFINITY;
const maxInt = 2 ** 63;

/** The functions that run, by name; those of regular expressions and lists of fields are elsewhere. */
export const functions: ReadonlyMap<string, YaraFunction> = new Map([
  text('strings.coalesce', [1, many], (values) => values.find((value) => value !== '') ?? ''),
  text('strings.concat', [1, many], (values) => values.join('')),
  text('strings.to_lower', [1, 1], ([value = ''], { readings }) =>
    each(value, readings, (letter) => letter.toLowerCase()),
  ),
  text('strings.to_upper', [1, 1], ([value = ''], { readings }) =>
    each(value, readings, (letter) => letter.toUpperCase()),
  ),
  text('strings.reverse', [1, 1], ([value = '']) => [...value].reverse().join('')),
  text('strings.ltrim', [2, 2], ([value = '', cut = '']) => trim(value, cut, 'start')),
  text('strings.rtrim', [2, 2], ([value = '', cut = '']) => trim(value, cut, 'end')),
  text('strings.trim', [2, 2], ([value = '', cut = '']) =>
    trim(trim(value, cut, 'start'), cut, 'end'),
  ),
  text('strings.base64_decode', [1, 1], ([value = '']) => decodeBase64(value)),
  text('strings.url_decode', [1, 1], ([value = '']) => decodeUrl(value)),
  text('re.capture', [2, 2], ([value = '', regex = '']) => capture(value, regex)),
  text('re.replace', [3, 3], ([value = '', regex = '', by = '']) => replace(value, regex, by)),
  truth('strings.contains', [2, 2], ([value = '', part = '']) => value.includes(part)),
  truth('strings.starts_with', [2, 2], ([value = '', part = '']) => value.startsWith(part)),
  truth('strings.ends_with', [2, 2], ([value = '', part = ''], { readings }) =>
    endsWith(value, part, readings),
  ),
  number('strings.length', [1, 1], ([value]) => [...textOf(value ?? '')].length),
  number('strings.count_substrings', [2, 2], ([value, part]) => {
    const wanted = textOf(part ?? '');
    return wanted === '' ? 0 : textOf(value ?? '').split(wanted).length - 1;
  }),
  define('strings.split', 'list', [1, 2], ([value, by]) =>
    textOf(value ?? '').split(textOf(by ?? ',')),
  ),
  truth('net.ip_in_range_cidr', [2, 2], ([value = '', range = ''], { readings }) =>
    inRange(value, range, readings),
  ),
  text('cast.as_string', [1, 2], ([value = '']) => value),
  number('cast.as_int', [1, 1], ([value]) => Math.trunc(numeric(value))),
  number('cast.as_float', [1, 1], ([value]) => Math.trunc(numeric(value) * 1e7) / 1e7),
  truth('cast.as_bool', [1, 1], ([value = '']) => value.toLowerCase() === 'true' || value === '1'),
  number('math.abs', [1, 1], ([value]) => Math.abs(numeric(value))),
  number('math.ceil', [1, 1], ([value]) => orZero(Math.ceil(numeric(value)), maxInt)),
  number('math.floor', [1, 1], ([value]) => orZero(Math.floor(numeric(value)), maxInt)),
  number('math.sqrt', [1, 1], ([value]) => Math.sqrt(Math.max(0, numeric(value)))),
  number('math.pow', [2, 2], ([base, power]) => orZero(numeric(base) ** numeric(power))),
  number('math.log', [1, 1], ([value]) => Math.log(numeric(value))),
  number('math.round', [1, 2], ([value, places]) => {
    const scale = 10 ** numeric(places);
    const scaled = numeric(value) * scale;
    return (Math.sign(scaled) * Math.round(Math.abs(scaled))) / scale;
  }),
  define('arrays.concat', 'list', [2, 2], (lists) => lists.flatMap(listOf)),
  text('arrays.join_string', [1, 2], (_, __, [list = [], by = '']) =>
    listOf(list).map(textOf).join(textOf(by)),
  ),
  number('arrays.size', [1, 1], ([list = []]) => listOf(list).length),
  number('arrays.max', [1, 1], ([list = []]) => Math.max(...numbersOf(list), ...zeroIfEmpty(list))),
  number('arrays.min', [1, 2], ([list = [], ignoreZeros]) => {
    const values = numbersOf(list).filter((value) => ignoreZeros !== true || value !== 0);
    return values.length === 0 ? 0 : Math.min(...values);
  }),
  define('arrays.contains', 'boolean', [2, 2], ([list = [], value]) =>
    listOf(list).some((item) => item === value),
  ),
  text('arrays.index_to_str', [2, 2], (_, __, [list, at]) => textOf(itemAt(list, at) ?? '')),
  number('arrays.index_to_int', [2, 2], ([list, at]) => Math.trunc(numeric(itemAt(list, at)))),
  number('arrays.index_to_float', [2, 2], ([list, at]) => numeric(itemAt(list, at))),
  number('timestamp.current_seconds', [0, 0], (_, { now }) => now),
  number('timestamp.now', [0, 0], (_, { now }) => now),
  number('timestamp.get_minute', [1, 2], ([at, zone]) => calendar(at, zone).minute),
  number('timestamp.get_hour', [1, 2], ([at, zone]) => calendar(at, zone).hour),
  number('timestamp.get_day_of_week', [1, 2], ([at, zone]) => calendar(at, zone).weekday + 1),
  number('timestamp.get_week', [1, 2], ([at, zone]) => weekOf(calendar(at, zone))),
  define('timestamp.get_date', 'string', [1, 2], ([at, zone]) =>
    formatTime(calendar(at, zone), '%F'),
  ),
  define('timestamp.get_timestamp', 'string', [1, 3], ([at, format, zone]) =>
    formatTime(calendar(at, zone), textOf(format ?? '%F %T')),
  ),
]);

type Entry = readonly [string, YaraFunction];

function define(
  name: string,
  result: ResultType,
  arity: readonly [number, number],
  apply: YaraFunction['apply'],
): Entry {
  return [name, { result, arity, apply }];
}

function text(
  name: string,
  arity: readonly [number, number],
  apply: (texts: readonly string[], context: CallContext, values: readonly Value[]) => string,
): Entry {
  return define(name, 'string', arity, (values, context) =>
    apply(values.map(textOf), context, values),
  );
}

function truth(
  name: string,
  arity: readonly [number, number],
  apply: (texts: readonly string[], context: CallContext) => boolean,
): Entry {
  return define(name, 'boolean', arity, (values, context) => apply(values.map(textOf), context));
}

function number(
  name: string,
  arity: readonly [number, number],
  apply: (values: readonly Value[], context: CallContext) => number,
): Entry {
  return define(name, 'number', arity, apply);
}

function listOf(value: Value): readonly Value[] {
  return typeof value === 'object' ? value : [value];
}

function numbersOf(list: Value): readonly number[] {
  return listOf(list).map(numeric);
}

function zeroIfEmpty(list: Value): readonly number[] {
  return listOf(list).length === 0 ? [0] : [];
}

function itemAt(list: Value | undefined, at: Value | undefined): Value | undefined {
  return listOf(list ?? []).at(numeric(at));
}

/** "Casting a non-numeric string returns 0." */
function numeric(value: Value | undefined): number {
  const result = typeof value === 'string' && value.trim() === '' ? 0 : Number(value ?? 0);
  return Number.isFinite(result) ? result : 0;
}

/** "Returns 0 if the input is too large": a result that doesn't fit its type. */
function orZero(result: number, limit = Number.MAX_VALUE): number {
  return Math.abs(result) <= limit ? result : 0;
}

function trim(text: string, cut: string, side: 'start' | 'end'): string {
  const characters = [...text];
  while (characters.length > 0) {
    const edge = side === 'start' ? characters[0] : characters.at(-1);
    if (edge === undefined || !cut.includes(edge)) break;
    if (side === 'start') characters.shift();
    else characters.pop();
  }
  return characters.join('');
}

function decodeBase64(text: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return text;
  return Buffer.from(text, 'base64').toString('utf8');
}

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Letter by letter, so that none depends on its neighbours. */
function each(text: string, readings: Readings, change: (letter: string) => string): string {
  const ascii = text.replace(/[A-Za-z]/g, change);
  if (isAscii(text)) return ascii;
  const whole = [...text].map(change).join('');
  return whole === ascii || readings.of('to-lower-beyond-ascii') === 'unicode' ? whole : ascii;
}

/** "Returns true if the suffix is non-empty and at end-of-value". */
function endsWith(text: string, part: string, readings: Readings): boolean {
  if (part === '' || !text.endsWith(part)) return false;
  return text !== part || readings.of('ends-with-of-same') === 'true';
}

/** Whether a text is an address in a network. */
export function inRange(text: string, range: string, readings: Readings): boolean {
  const network = parseNetwork(range);
  if ('problem' in network) throw new QueryRunError(`${network.problem}.`);
  const address = parseAddress(text);
  if (address === undefined) return readings.of('cidr-of-other-text') === 'true';
  const mapped = address.version === 6 && address.bits >> 32n === 0xffffn;
  if (mapped && readings.of('cidr-of-mapped-address') === 'as-ipv4') {
    const octets = [24n, 16n, 8n, 0n].map((shift) => (address.bits >> shift) & 0xffn);
    return inNetwork(network, octets.join('.'));
  }
  return inNetwork(network, text);
}

function calendar(at: Value | undefined, zone: Value | undefined): ReturnType<typeof calendarOf> {
  return calendarOf(numeric(at), zone === undefined ? 'GMT' : textOf(zone));
}
