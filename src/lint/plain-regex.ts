import { anyRun, canonicalPattern, type PatternPart } from '../match/pattern.ts';
import type { RegexNode } from '../match/regex/ast.ts';
import type { Match } from '../match/test.ts';
import { isCaselessText } from './patterns.ts';

/** The match that a regular expression of literals says in other words; its ends may be anchored. */
export function plainMatch(regex: RegexNode): Match | undefined {
  const nodes = regex.kind === 'concat' ? regex.of : [regex];
  const starts = isEdge(nodes[0], 'start');
  const ends = isEdge(nodes.at(-1), 'end') && nodes.length > (starts ? 1 : 0);
  const inner = nodes.slice(starts ? 1 : 0, ends ? -1 : undefined);
  let text = '';
  const folds = new Set<boolean>();
  for (const node of inner) {
    if (node.kind !== 'literal') return undefined;
    text += node.character;
    if (!isCaselessText(node.character)) folds.add(node.fold);
  }
  if (folds.size > 1) return undefined;
  const parts: PatternPart[] = [...(starts ? [] : [anyRun]), text, ...(ends ? [] : [anyRun])];
  return { kind: 'match', pattern: canonicalPattern(parts), cased: folds.has(false) };
}

function isEdge(node: RegexNode | undefined, kind: 'start' | 'end'): boolean {
  return node?.kind === kind && !node.line;
}
