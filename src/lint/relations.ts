import { accepts } from '../match/accepts.ts';
import type { Network } from '../match/address.ts';
import type { Compare, Match, Test, TimeIs } from '../match/test.ts';
import { covers, isCaselessText, meet, onlyText } from './patterns.ts';
import { plainMatch } from './plain-regex.ts';

/** Longer texts aren't held against regular expressions here. */
const longest = 100;

/** Whether every text that passes one test passes the other; `false` also where that can't be told. */
export function implies(one: Test, other: Test): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (b.kind === 'exists') return true;
  if (a.kind === 'match') return b.kind === 'match' ? covers(b, a) : verdictOn(a, b) === true;
  if (a.kind === 'compare' && b.kind === 'compare') return isWithin(a, b);
  if (a.kind === 'in-network' && b.kind === 'in-network') return contains(b.network, a.network);
  if (a.kind === 'time' && b.kind === 'time') return isTimeWithin(a, b);
  return a.kind === b.kind && keyOf(a) === keyOf(b);
}

/** Whether no text passes both tests; `false` also where that can't be told. */
export function excludes(one: Test, other: Test): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (b.kind === 'match' && a.kind !== 'match') return excludes(b, a);
  if (a.kind === 'match' && b.kind === 'match') return !meet(a, b);
  if (a.kind === 'match') {
    const verdict = verdictOn(a, b);
    return verdict === undefined ? hasForeign(a, b) : !verdict;
  }
  if (a.kind === 'compare' && b.kind === 'compare') return !overlap(a, b);
  if (a.kind === 'in-network' && b.kind === 'in-network')
    return !contains(a.network, b.network) && !contains(b.network, a.network);
  if (a.kind === 'time' && b.kind === 'time') return a.part === b.part && areApart(a, b);
  // A text is at most one of a number, an address and a time.
  return a.kind !== b.kind && isForm(a) && isForm(b);
}

/** The same for tests that say the same, in any words. */
export function keyOf(test: Test): string {
  const said = plain(test);
  switch (said.kind) {
    case 'match':
      return JSON.stringify([
        said.cased &&
          !said.pattern.every((part) => typeof part !== 'string' || isCaselessText(part)),
        said.pattern,
      ]);
    case 'in-network':
      return `network ${said.network.text}`;
    case 'in-list':
      return `list ${said.list.name}`;
    case 'regex':
      return `regex ${JSON.stringify(said.regex)}`;
    default:
      return JSON.stringify(said);
  }
}

const known = new WeakMap<Test, Test>();

/** A regular expression that only spells a text is a match. */
function plain(test: Test): Test {
  if (test.kind !== 'regex') return test;
  const said = known.get(test) ?? plainMatch(test.regex) ?? test;
  known.set(test, said);
  return said;
}

/** What a test says of the only text that a match takes, if it says the same of that text in every case. */
function verdictOn(match: Match, test: Test): boolean | undefined {
  const text = onlyText(match);
  if (text === undefined || test.kind === 'in-list') return undefined;
  if (test.kind === 'regex' && text.length > longest) return undefined;
  const isExact = match.cased || isCaselessText(text);
  return isExact || ignoresCase(test) ? accepts(test, text) : undefined;
}

function ignoresCase(test: Test): boolean {
  return test.kind === 'exists' || isForm(test);
}

/** Whether a test takes only texts of one form, in which case is no matter. */
function isForm({ kind }: Test): boolean {
  return kind === 'compare' || kind === 'in-network' || kind === 'time';
}

/** Whether a pattern asks for a character that no number or address has. */
function hasForeign({ pattern }: Match, test: Test): boolean {
  const foreign =
    test.kind === 'compare' ? /[^-0-9.]/ : test.kind === 'in-network' ? /[^0-9a-f:.]/i : undefined;
  return (
    foreign !== undefined && pattern.some((part) => typeof part === 'string' && foreign.test(part))
  );
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

const interval = ({ order, bound }: Compare): Interval =>
  order === 'lt' || order === 'lte'
    ? { from: Number.NEGATIVE_INFINITY, to: bound }
    : { from: bound, to: Number.POSITIVE_INFINITY };

function isOpen({ order }: Compare): boolean {
  return order === 'lt' || order === 'gt';
}

function overlap(a: Compare, b: Compare): boolean {
  const [x, y] = [interval(a), interval(b)];
  const [from, to] = [Math.max(x.from, y.from), Math.min(x.to, y.to)];
  if (from !== to) return from < to;
  return !isOpen(a) && !isOpen(b);
}

function isWithin(a: Compare, b: Compare): boolean {
  const [x, y] = [interval(a), interval(b)];
  if (a.bound === b.bound && !isOpen(a) && isOpen(b)) return false;
  return x.from >= y.from && x.to <= y.to;
}

function contains(wide: Network, narrow: Network): boolean {
  if (wide.version !== narrow.version || wide.prefix > narrow.prefix) return false;
  const host = BigInt((wide.version === 4 ? 32 : 128) - wide.prefix);
  return narrow.base >> host === wide.base >> host;
}

function isTimeWithin(a: TimeIs, b: TimeIs): boolean {
  return (
    a.part === b.part &&
    a.ranges.every((range) => b.ranges.some(({ from, to }) => range.from >= from && range.to <= to))
  );
}

function areApart(a: TimeIs, b: TimeIs): boolean {
  return a.ranges.every((range) =>
    b.ranges.every(({ from, to }) => range.to < from || range.from > to),
  );
}
