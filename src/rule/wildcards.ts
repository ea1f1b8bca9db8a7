import {
  anyCharacter,
  anyRun,
  canonicalPattern,
  type Pattern,
  type PatternPart,
} from '../match/pattern.ts';

/**
 * Reads Sigma's wildcards and escapes: `*` is any run, `?` one character, and a backslash escapes only
 * when `*`, `?` or a backslash follows (Sigma specification, "Escaping"); elsewhere it is itself.
 */
export function parseWildcards(text: string): Pattern {
  const parts: PatternPart[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? '';
    const next = text[i + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      parts.push(next);
      i += 1;
    } else if (character === '*') parts.push(anyRun);
    else if (character === '?') parts.push(anyCharacter);
    else parts.push(character);
  }
  return canonicalPattern(parts);
}
