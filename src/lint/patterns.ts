import { foldCase, otherCase } from '../match/case-fold.ts';
import { globMatches } from '../match/glob.ts';
import {
  isAnyCharacter,
  isAnyRun,
  type Pattern,
  type PatternPart,
  type PatternShape,
  shapeOf,
} from '../match/pattern.ts';
import type { Match } from '../match/test.ts';

/** Two longer patterns aren't compared: the product of their lengths is what it costs. */
const mostCells = 10_000;

/** A pattern in one case, made ready to be held against many others. */
interface Ready {
  readonly pattern: Pattern;
  readonly shape: PatternShape;
  /** One by one. */
  readonly parts: readonly PatternPart[];
  /** Half a surrogate pair is a character of its own only until something stands beside it. */
  readonly odd: boolean;
}

/** Whether every text that a match takes is taken by another; `false` also where that can't be told. */
export function covers(wide: Match, narrow: Match): boolean {
  // A text in another case passes a test that folds, and may fail one that doesn't.
  if (wide.cased && !narrow.cased && !isCaseless(narrow.pattern)) return false;
  const [a, b] = [readyIn(wide, wide.cased), readyIn(narrow, wide.cased)];
  return !a.odd && !b.odd && includes(a, b);
}

/** Whether some text may be taken by both; `true` also where that can't be told. */
export function meet(one: Match, other: Match): boolean {
  const cased = one.cased && other.cased;
  const [a, b] = [readyIn(one, cased), readyIn(other, cased)];
  if (a.odd || b.odd) return true;
  if (a.shape.kind === 'equals') return includes(b, a);
  if (b.shape.kind === 'equals') return includes(a, b);
  const [head, start] = [a.parts[0], b.parts[0]];
  if (typeof head === 'string' && typeof start === 'string' && head !== start) return false;
  const [tail, end] = [a.parts.at(-1), b.parts.at(-1)];
  if (typeof tail === 'string' && typeof end === 'string' && tail !== end) return false;
  return a.parts.length * b.parts.length > mostCells || haveCommonText(a.parts, b.parts);
}

/** Whether upper and lower case are no matter to a text. */
export function isCaselessText(text: string): boolean {
  return [...text].every((character) => otherCase(character) === undefined);
}

/** The only text that a match takes, but for its case. */
export function onlyText({ pattern }: Match): string | undefined {
  const texts = pattern.filter((part) => typeof part === 'string');
  return texts.length === pattern.length ? texts.join('') : undefined;
}

function isCaseless(pattern: Pattern): boolean {
  return pattern.every((part) => typeof part !== 'string' || isCaselessText(part));
}

const exact = new WeakMap<Match, Ready>();
const folded = new WeakMap<Match, Ready>();

function readyIn(match: Match, cased: boolean): Ready {
  const known = cased ? exact : folded;
  const before = known.get(match);
  if (before !== undefined) return before;
  const pattern = cased
    ? match.pattern
    : match.pattern.map((part) => (typeof part === 'string' ? foldCase(part) : part));
  const parts = pattern.flatMap((part): readonly PatternPart[] =>
    typeof part === 'string' ? [...part] : [part],
  );
  const odd = pattern.some((part) => typeof part === 'string' && /\p{Surrogate}/u.test(part));
  const ready = { pattern, shape: shapeOf(pattern), parts, odd };
  known.set(match, ready);
  return ready;
}

/** Whether a pattern takes all that another one takes; the usual shapes need no walk. */
function includes({ shape, parts }: Ready, { pattern, parts: given }: Ready): boolean {
  const [head, tail] = [pattern[0], pattern.at(-1)];
  switch (shape.kind) {
    case 'anything':
      return true;
    case 'equals':
      return pattern.length === 0 ? shape.text === '' : pattern.length === 1 && head === shape.text;
    case 'prefix':
      return typeof head === 'string' && head.startsWith(shape.text);
    case 'suffix':
      return typeof tail === 'string' && tail.endsWith(shape.text);
    case 'infix':
      return pattern.some((part) => typeof part === 'string' && part.includes(shape.text));
    case 'glob':
      return globMatches(parts, given, isOne);
  }
}

/** One pattern against another as if that were a text, in which only a run takes a run. */
function isOne(wanted: PatternPart, given: PatternPart): boolean {
  return !isAnyRun(given) && (isAnyCharacter(wanted) || wanted === given);
}

/** From the ends backwards: whether what is left of both patterns has a text in common. */
function haveCommonText(a: readonly PatternPart[], b: readonly PatternPart[]): boolean {
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j -= 1) {
      const [left, right] = [a[i], b[j]];
      if (left === undefined && right === undefined) row[j] = true;
      else if (isAnyRun(left)) {
        row[j] = below[j] === true || (right !== undefined && row[j + 1] === true);
      } else if (isAnyRun(right)) {
        row[j] = row[j + 1] === true || (left !== undefined && below[j] === true);
      } else {
        const same = left !== undefined && right !== undefined && areCompatible(left, right);
        row[j] = same && below[j + 1] === true;
      }
    }
    below = row;
  }
  return below[0] === true;
}

function areCompatible(left: PatternPart, right: PatternPart): boolean {
  return isAnyCharacter(left) || isAnyCharacter(right) || left === right;
}
