import { diffArrays } from 'diff';
import type { LineRange } from './model.ts';
import { isBalanced, type Token, textOfTokens, tokensOf } from './tokens.ts';

/** A piece of a query that was replaced by another. */
export interface Edit {
  /** The same for the same edit of any query, however its lines are broken. */
  readonly key: string;
  readonly removed: string;
  readonly added: string;
  readonly linesBefore: LineRange;
  readonly linesAfter: LineRange;
}

/** Places of tokens, in both texts, the ends not among them. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** How many edits of single tokens are looked for before two queries count as having nothing in common. */
const mostEdits = 4000;

/** How far apart the two halves of what an edit puts around something may stand, in tokens. */
const reach = 16;

/**
 * The edits that make one query of another, in their order. Applied together they give the other query's tokens; where
 * only white space differs, that is one edit of nothing.
 */
export function editsOf(before: string, after: string): readonly Edit[] {
  if (before === after) return [];
  const [old, now] = [tokensOf(before), tokensOf(after)];
  const hunks = joined(hunksOf(old, now), old, now);
  if (hunks.length === 0) {
    const whole = (text: string): LineRange => ({ start: 0, end: text.split('\n').length });
    const [linesBefore, linesAfter] = [whole(before), whole(after)];
    return [{ key: '[]', removed: '', added: '', linesBefore, linesAfter }];
  }
  return hunks.map(({ from, to, start, end }) => {
    const [removed, added] = [old.slice(from, to), now.slice(start, end)];
    return {
      key: JSON.stringify([removed, added].map((some) => some.map(({ text }) => text))),
      removed: textOfTokens(removed),
      added: textOfTokens(added),
      linesBefore: linesOf(removed, old[from]),
      linesAfter: linesOf(added, now[start]),
    };
  });
}

/** The lines of some tokens; of none, the place before the next one. */
function linesOf(tokens: readonly Token[], next: Token | undefined): LineRange {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined) {
    const line = next?.line ?? 0;
    return { start: line, end: line };
  }
  return { start: first.line, end: last.lastLine + 1 };
}

function hunksOf(old: readonly Token[], now: readonly Token[]): readonly Hunk[] {
  const [a, b] = [old, now].map((tokens) => tokens.map(({ text }) => text));
  if (a === undefined || b === undefined) return [];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  let tail = 0;
  while (
    tail < a.length - same &&
    tail < b.length - same &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const [middle, other] = [a.slice(same, a.length - tail), b.slice(same, b.length - tail)];
  const changes = diffArrays(middle, other, { maxEditLength: mostEdits });
  if (changes === undefined) {
    return [{ from: same, to: a.length - tail, start: same, end: b.length - tail }];
  }
  const hunks: Hunk[] = [];
  let [from, start] = [same, same];
  let open: Hunk | undefined;
  for (const { count, added, removed } of changes) {
    if (!added && !removed) {
      if (open !== undefined) hunks.push(open);
      open = undefined;
      from += count;
      start += count;
      continue;
    }
    open ??= { from, to: from, start, end: start };
    if (removed) from += count;
    else start += count;
    open = { ...open, to: from, end: start };
  }
  if (open !== undefined) hunks.push(open);
  const moved: Hunk[] = [];
  for (const [index, hunk] of hunks.entries())
    moved.push(slid(hunk, moved.at(-1), hunks[index + 1], old, now));
  return moved;
}

/**
 * A token that comes before what was put in and at its end may as well be its first: of all places that give the same
 * query, the one that reads best, so that the same edit looks the same in every query.
 */
function slid(
  hunk: Hunk,
  previous: Hunk | undefined,
  next: Hunk | undefined,
  old: readonly Token[],
  now: readonly Token[],
): Hunk {
  const isInsertion = hunk.from === hunk.to;
  if (!isInsertion && hunk.start !== hunk.end) return hunk;
  const tokens = isInsertion ? now : old;
  const [first, last] = isInsertion ? [hunk.start, hunk.end] : [hunk.from, hunk.to];
  const lowest = (isInsertion ? previous?.end : previous?.to) ?? 0;
  // Only half of a pair of brackets wants what completes it.
  const nearest = isHalf(previous, old, now) ? lowest : lowest + 1;
  const highest = (isInsertion ? next?.start : next?.from) ?? tokens.length;
  const isAt = (a: number, b: number): boolean => tokens[a]?.text === tokens[b]?.text;
  let best = 0;
  let most = worth(tokens.slice(first, last));
  const weigh = (shift: number): void => {
    const value = worth(tokens.slice(first + shift, last + shift));
    if (value > most || (value === most && shift < best)) [best, most] = [shift, value];
  };
  for (let by = 1; first - by >= nearest && isAt(first - by, last - by); by += 1) weigh(-by);
  for (let by = 1; last + by < highest && isAt(first + by - 1, last + by - 1); by += 1) weigh(by);
  const { from, to, start, end } = hunk;
  return { from: from + best, to: to + best, start: start + best, end: end + best };
}

function isHalf(hunk: Hunk | undefined, old: readonly Token[], now: readonly Token[]): boolean {
  if (hunk === undefined) return false;
  return !isBalanced(old.slice(hunk.from, hunk.to)) || !isBalanced(now.slice(hunk.start, hunk.end));
}

/** How well a piece reads: whole brackets, whole lines, a conjunction or a comma in front. */
function worth(tokens: readonly Token[]): number {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const leads = /^(?:and|or|not|\||,)$/i;
  return (
    (isBalanced(tokens) ? 8 : 0) +
    (first.begins ? 4 : 0) +
    (last.finishes ? 2 : 0) +
    (leads.test(first.text) ? 2 : 0) -
    (leads.test(last.text) && last.text !== ',' ? 2 : 0)
  );
}

/** Hunks that are one thing: what was put around something, such as `lower(` and `)`. */
function joined(
  hunks: readonly Hunk[],
  old: readonly Token[],
  now: readonly Token[],
): readonly Hunk[] {
  const made: Hunk[] = [];
  for (let at = 0; at < hunks.length; ) {
    const size = sizeOf(hunks.slice(at), old, now);
    const [first, last] = [hunks[at], hunks[at + size - 1]];
    if (first === undefined || last === undefined) break;
    made.push({ from: first.from, to: last.to, start: first.start, end: last.end });
    at += size;
  }
  return made;
}

/** How many of the hunks are one, at least the first. */
function sizeOf(hunks: readonly Hunk[], old: readonly Token[], now: readonly Token[]): number {
  const [first] = hunks;
  if (first === undefined) return 1;
  let wanted = 1;
  for (let size = 1; size <= hunks.length; size += 1) {
    const [last, next] = [hunks[size - 1], hunks[size]];
    if (last === undefined) break;
    const isWhole =
      isBalanced(old.slice(first.from, last.to)) && isBalanced(now.slice(first.start, last.end));
    const between = next === undefined ? [] : old.slice(last.to, next.from);
    const isNext = next !== undefined && between.length === 0;
    if (isWhole) wanted = size;
    if (isWhole && !isNext) break;
    if (next === undefined || between.length > reach) break;
  }
  return wanted;
}
