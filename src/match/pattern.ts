import type { RegexNode } from './regex/ast.ts';

/** Any run of characters, also none: Sigma's `*`. */
export const anyRun = { kind: 'any-run' } as const;
/** Exactly one character (a Unicode code point): Sigma's `?`. */
export const anyCharacter = { kind: 'any-character' } as const;

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
    else if (part === '' || (part === anyRun && last === anyRun)) continue;
    else result.push(part);
  }
  return result;
}

/** Which operator fits a pattern. */
export function shapeOf(pattern: Pattern): PatternShape {
  const [a, b, c] = pattern;
  if (pattern.length === 0) return { kind: 'equals', text: '' };
  if (pattern.length === 1 && typeof a === 'string') return { kind: 'equals', text: a };
  if (pattern.length === 1 && a === anyRun) return { kind: 'anything' };
  if (pattern.length === 2 && typeof a === 'string' && b === anyRun)
    return { kind: 'prefix', text: a };
  if (pattern.length === 2 && a === anyRun && typeof b === 'string')
    return { kind: 'suffix', text: b };
  if (pattern.length === 3 && a === anyRun && typeof b === 'string' && c === anyRun) {
    return { kind: 'infix', text: b };
  }
  return { kind: 'glob' };
}

/** The regular expression with the same meaning, unanchored ends left out where a run stands. */
export function patternToRegex(pattern: Pattern, cased: boolean): RegexNode {
  const of: RegexNode[] = [];
  pattern.forEach((part, index) => {
    const edge = index === 0 || index === pattern.length - 1;
    if (index === 0 && part !== anyRun) of.push({ kind: 'start', line: false });
    if (typeof part === 'string') {
      for (const character of part) of.push({ kind: 'literal', character, fold: !cased });
    } else if (part === anyCharacter) of.push({ kind: 'any', newline: true });
    else if (!edge) {
      of.push({ kind: 'repeat', of: { kind: 'any', newline: true }, min: 0, max: undefined });
    }
    if (index === pattern.length - 1 && part !== anyRun) of.push({ kind: 'end', line: false });
  });
  if (pattern.length === 0) of.push({ kind: 'start', line: false }, { kind: 'end', line: false });
  return { kind: 'concat', of };
}
