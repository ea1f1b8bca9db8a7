import { foldCase, otherCase } from '../case-fold.ts';
import type { RegexNode } from './ast.ts';

/**
 * Whether a short text (a few dozen characters: a literal that a target keeps for absence) matches.
 * Follows the definition by sets of positions; `compileRegex` is the one for events.
 */
export function searchShort(node: RegexNode, text: string): boolean {
  const characters = [...text];
  const starts = new Set(Array.from({ length: characters.length + 1 }, (_, i) => i));
  return ends(node, characters, starts).size > 0;
}

/** Where matches that begin at one of the positions can end. */
function ends(
  node: RegexNode,
  text: readonly string[],
  from: ReadonlySet<number>,
): ReadonlySet<number> {
  switch (node.kind) {
    case 'concat': {
      let positions = from;
      for (const part of node.of) positions = ends(part, text, positions);
      return positions;
    }
    case 'alternate':
      return new Set(node.of.flatMap((part) => [...ends(part, text, from)]));
    case 'repeat':
      return repeated(node, text, from);
    case 'literal':
    case 'any':
    case 'class':
      return new Set([...from].filter((i) => takes(node, text[i])).map((i) => i + 1));
    default:
      return new Set([...from].filter((i) => holdsAt(node, text, i)));
  }
}

function repeated(
  node: RegexNode & { kind: 'repeat' },
  text: readonly string[],
  from: ReadonlySet<number>,
): ReadonlySet<number> {
  let positions = from;
  for (let i = 0; i < node.min; i += 1) positions = ends(node.of, text, positions);
  const reached = new Set(positions);
  const rest = node.max === undefined ? text.length + 1 : node.max - node.min;
  for (let i = 0; i < rest && positions.size > 0; i += 1) {
    positions = new Set([...ends(node.of, text, positions)].filter((p) => !reached.has(p)));
    for (const position of positions) reached.add(position);
  }
  return reached;
}

function takes(
  node: RegexNode & { kind: 'literal' | 'any' | 'class' },
  character: string | undefined,
): boolean {
  if (character === undefined) return false;
  if (node.kind === 'any') return node.newline || character !== '\n';
  if (node.kind === 'literal') {
    return node.fold
      ? foldCase(node.character) === foldCase(character)
      : node.character === character;
  }
  const candidates = node.fold ? [character, otherCase(character)] : [character];
  const inside = candidates.some((candidate) => {
    const code = candidate?.codePointAt(0) ?? -1;
    return node.ranges.some(([low, high]) => low <= code && code <= high);
  });
  return inside !== node.negated;
}

function holdsAt(node: RegexNode, text: readonly string[], i: number): boolean {
  switch (node.kind) {
    case 'start':
      return i === 0 || (node.line && text[i - 1] === '\n');
    case 'end':
      return i === text.length || (node.line && text[i] === '\n');
    case 'word-boundary':
      return (isWord(text[i - 1]) !== isWord(text[i])) !== node.negated;
    default:
      return false;
  }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^[0-9A-Za-z_]$/.test(character);
}
