import { formatAddress, parseNetwork } from '../match/address.ts';
import { otherCase } from '../match/case-fold.ts';
import { endNames, orderNames, timeNames } from '../rule/modifiers.ts';
import type { Item, Value } from '../rule/rule.ts';
import { keyEnd, rewrite } from './edit.ts';
import type { Edit, Mutant, MutationKind } from './mutant.ts';

type Text = Extract<Value, { readonly kind: 'string' }>;

/** An item, and the file and the place that it stands at. */
interface At {
  readonly item: Item;
  readonly text: string;
  readonly place: string;
}

/** Slips in what the values of an item are: wider, in another case, greater or smaller by one. */
export function valueMutants(item: Item, text: string, place: string): readonly Mutant[] {
  const at: At = { item, text, place };
  const texts = item.values.filter((value) => value.kind === 'string');
  if (has(at, 'exists')) return [];
  if (has(at, 'within')) return otherTimes(at);
  if (has(at, 'fieldref')) return wider(at);
  if (has(at, ...orderNames, ...timeNames)) return [...otherOrder(at), ...byOne(at)];
  if (has(at, 'cidr')) return texts.flatMap((value) => otherNetworks(at, value));
  if (has(at, 're')) return [...otherCases(at, 'i'), ...texts.flatMap((one) => looser(at, one))];
  return [...otherCases(at, 'cased'), ...wider(at), ...byOne(at)];
}

function has({ item }: At, ...names: readonly string[]): boolean {
  return item.modifiers.some(({ name }) => names.includes(name));
}

function mutant({ place }: At, kind: MutationKind, change: string, edit: Edit): Mutant {
  return { kind, place, change, edits: [edit] };
}

/** With a modifier more, or without the one that is there. */
export function toggled(at: At, kind: MutationKind, name: string): Mutant {
  const { item, text } = at;
  const span = item.modifiers.find((one) => one.name === name)?.span;
  if (span !== undefined)
    return mutant(at, kind, `without |${name}`, { start: span.start - 1, end: span.end, text: '' });
  const end = keyEnd(text, item.keySpan);
  return mutant(at, kind, `|${name}`, { start: end, end, text: `|${name}` });
}

/** With a modifier in the place of another; nothing where it hasn't that one. */
function swapped(at: At, kind: MutationKind, from: string, to: string): readonly Mutant[] {
  const span = at.item.modifiers.find(({ name }) => name === from)?.span;
  return span === undefined
    ? []
    : [mutant(at, kind, `|${to}`, { start: span.start, end: span.end, text: to })];
}

function otherCases(at: At, name: string): readonly Mutant[] {
  const hasLetters = at.item.values.some(
    (value) =>
      value.kind === 'string' && [...value.text].some((one) => otherCase(one) !== undefined),
  );
  return hasLetters ? [toggled(at, 'case', name)] : [];
}

function otherOrder(at: At): readonly Mutant[] {
  const pairs = [
    ['lt', 'lte'],
    ['lte', 'lt'],
    ['gt', 'gte'],
    ['gte', 'gt'],
  ] as const;
  return pairs.flatMap(([from, to]) => swapped(at, 'order', from, to));
}

/** An end of whole values, or of patterns, left open. */
function wider(at: At): readonly Mutant[] {
  const { item } = at;
  if (has(at, 'contains')) return [];
  const open = endNames.find((name) => has(at, name));
  if (open !== undefined) return swapped(at, 'widen', open, 'contains');
  const texts = item.values.filter((value) => value.kind === 'string');
  // Beside patterns a plain value is opened like one.
  if (texts.some(({ text }) => isGlob(text))) return texts.flatMap((value) => openEnds(at, value));
  const isOpen = item.values.some(({ kind }) => kind === 'string' || kind === 'number');
  return isOpen ? [toggled(at, 'widen', 'contains')] : [];
}

function isGlob(text: string): boolean {
  return /(?<!\\)[*?]/.test(text);
}

function openEnds(at: At, value: Text): readonly Mutant[] {
  const { text } = value;
  const head = text.startsWith('*') ? [] : [`*${text}`];
  const tail = /(?<!\\)\*$/.test(text) ? [] : [`${withoutEscape(text)}*`];
  return [...head, ...tail].map((word) => instead(at, 'widen', value, word));
}

/** A value with the wildcards that a modifier stands for. */
export function globbed(text: string, open: string): string {
  const head = open === 'startswith' || text.startsWith('*') ? '' : '*';
  const tail = open === 'endswith' || /(?<!\\)\*$/.test(text) ? text : `${withoutEscape(text)}*`;
  return `${head}${tail}`;
}

/** A backslash at the end stands for itself, until something follows that it would escape. */
function withoutEscape(text: string): string {
  const [slashes = ''] = /\\*$/.exec(text) ?? [];
  return slashes.length % 2 === 1 ? `${text}\\` : text;
}

/** A regular expression without an anchor. */
function looser(at: At, value: Text): readonly Mutant[] {
  const { text } = value;
  const head = text.startsWith('^') ? [text.slice(1)] : [];
  const tail = /(?<!\\)\$$/.test(text) ? [text.slice(0, -1)] : [];
  return [...head, ...tail].map((word) => instead(at, 'widen', value, word));
}

function instead(at: At, kind: MutationKind, { span }: Value, word: string): Mutant {
  const change = JSON.stringify(word);
  // Always in quotes: a text such as `12` or `null` would be another value.
  return mutant(at, kind, change, { ...rewrite(at.text, span, word), text: change });
}

function otherNetworks(at: At, value: Text): readonly Mutant[] {
  const network = parseNetwork(value.text);
  if ('problem' in network || !value.text.includes('/')) return [];
  const { version, base, prefix } = network;
  const width = version === 4 ? 32 : 128;
  return [prefix - 1, prefix + 1]
    .filter((bits) => bits >= 0 && bits <= width)
    .map((bits) => {
      const host = BigInt(width - bits);
      const other = `${formatAddress(version, (base >> host) << host)}/${bits}`;
      return instead(at, 'number', value, other);
    });
}

/** A change window of the rule's own with an end a minute earlier or later. */
function otherTimes(at: At): readonly Mutant[] {
  return at.item.values.flatMap((value) => {
    if (value.kind !== 'window') return [];
    const { start, end } = value.span;
    const times = [...at.text.slice(start, end).matchAll(/(?<![-+\d])(\d{2}):(\d{2})/g)];
    return times.flatMap((found) => {
      const minutes = Number(found[1]) * 60 + Number(found[2]);
      const from = start + found.index;
      return [minutes - 1, minutes + 1]
        .filter((n) => n >= 0 && n <= 1440)
        .map((n) => {
          const text = [Math.floor(n / 60), n % 60]
            .map((part) => String(part).padStart(2, '0'))
            .join(':');
          const change = `${text} instead of ${found[0]}`;
          return mutant(at, 'window', change, { start: from, end: from + found[0].length, text });
        });
    });
  });
}

function byOne(at: At): readonly Mutant[] {
  return at.item.values.flatMap((value) => {
    if (value.kind !== 'number' || Math.abs(Number(value.text)) > 2 ** 50) return [];
    return [Number(value.text) - 1, Number(value.text) + 1].map((number) =>
      mutant(at, 'number', String(number), { ...value.span, text: String(number) }),
    );
  });
}
