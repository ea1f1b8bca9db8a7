import type { RegexNode } from './regex/ast.ts';

/** Any run of characters, also none: Sigma's `*`. */
export const anyRun = { kind: 'any-run' } as const;
/** Exactly one character (a Unicode code point): Sigma's `?`. */
export const anyCharacter = { kind: 'any-character' } as const;

/** Told by kind, not by identity: a backend of a user's own brings its own copy of this module. */
export function isAnyRun(part: PatternPart | undefined): boolean {
  return typeof part === 'object' && part.kind === 'any-run';
}

/** Whether a part is the wildcard for one character. */
export function isAnyCharacter(part: PatternPart | undefined): boolean {
  return typeof part === 'object' && part.kind === 'any-character';
}

/** A piece of a pattern: literal text or a wildcard. */
export type PatternPart = string | typeof anyRun | typeof anyCharacter;

/**
 * What a whole value has to look like, anchored at both ends. `contains: foo` and `*foo*` are the
 * same pattern. Canonical: literals aren't empty, no two literals or two runs stand side by side.
 */
export type Pattern = readonly PatternPart[];

/** The forms of a pattern that languages have operators for; all else is a `glob`. */
export type PatternShape =
  | { readonly kind: 'equals' | 'prefix' | 'suffix' | 'infix'; readonly text: string }
  | { readonly kind: 'anything' }
  | { readonly kind: 'glob' };

/** The canonical form of a sequence of parts. */
export function canonicalPattern(parts: Iterable<PatternPart>): Pattern {
  const result: PatternPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string')
      result[result.length - 1] = last + part;
    else if (part === '' || (isAnyRun(part) && isAnyRun(last))) continue;
    else result.push(part);
  }
  return result;
}

/** Which operator fits a pattern. */
export function shapeOf(pattern: Pattern): PatternShape {
  const [a, b, c] = pattern;
  if (pattern.length === 0) return { kind: 'equals', text: '' };
  if (pattern.length === 1 && typeof a === 'string') return { kind: 'equals', text: a };
  if (pattern.length === 1 && isAnyRun(a)) return { kind: 'anything' };
  if (pattern.length === 2 && typeof a === 'string' && isAnyRun(b))
    return { kind: 'prefix', text: a };
  if (pattern.length === 2 && isAnyRun(a) && typeof b === 'string')
    return { kind: 'suffix', text: b };
  if (pattern.length === 3 && isAnyRun(a) && typeof b === 'string' && isAnyRun(c)) {
    return { kind: 'infix', text: b };
  }
  return { kind: 'glob' };
}

/** The regular expression with the same meaning, unanchored ends left out where a run stands. */
export function patternToRegex(pattern: Pattern, cased: boolean): RegexNode {
  const of: RegexNode[] = [];
  pattern.forEach((part, index) => {
    const edge = index === 0 || index === pattern.length - 1;
    if (index === 0 && !isAnyRun(part)) of.push({ kind: 'start', line: false });
    if (typeof part === 'string') {
      for (const character of part) of.push({ kind: 'literal', character, fold: !cased });
    } else if (isAnyCharacter(part)) of.push({ kind: 'any', newline: true });
    else if (!edge) {
      of.push({ kind: 'repeat', of: { kind: 'any', newline: true }, min: 0, max: undefined });
    }
    if (index === pattern.length - 1 && !isAnyRun(part)) of.push({ kind: 'end', line: false });
  });
  if (pattern.length === 0) of.push({ kind: 'start', line: false }, { kind: 'end', line: false });
  return { kind: 'concat', of };
}
