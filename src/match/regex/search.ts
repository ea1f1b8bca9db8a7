import { foldCase, otherCase } from '../case-fold.ts';
import type { RegexNode } from './ast.ts';

/**
 * Whether a short text (a few dozen characters: a literal that a target keeps for absence) matches.
 * Follows the definition by sets of positions; `compileRegex` is the one for events.
 */
export function searchShort(node: RegexNode, text: string): boolean {
  const search: Search = { text: [...text], known: new Map() };
  return (
    search.text.some((_, i) => ends(node, search, i).size > 0) ||
    ends(node, search, search.text.length).size > 0
  );
}

interface Search {
  readonly text: readonly string[];
  /** Per node and start, so that nested repetitions cost no more than nodes times positions. */
  readonly known: Map<RegexNode, Map<number, ReadonlySet<number>>>;
}

/** Where matches that begin at a position can end. */
function ends(node: RegexNode, search: Search, start: number): ReadonlySet<number> {
  const byStart = search.known.get(node) ?? new Map<number, ReadonlySet<number>>();
  search.known.set(node, byStart);
  const known = byStart.get(start);
  if (known !== undefined) return known;
  const found = find(node, search, start);
  byStart.set(start, found);
  return found;
}

function endsOfAll(
  node: RegexNode,
  search: Search,
  starts: ReadonlySet<number>,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const start of starts) for (const end of ends(node, search, start)) found.add(end);
  return found;
}

function find(node: RegexNode, search: Search, start: number): ReadonlySet<number> {
  switch (node.kind) {
    case 'concat': {
      let positions: ReadonlySet<number> = new Set([start]);
      for (const part of node.of) positions = endsOfAll(part, search, positions);
      return positions;
    }
    case 'alternate':
      return new Set(node.of.flatMap((part) => [...ends(part, search, start)]));
    case 'repeat':
      return repeated(node, search, start);
    case 'literal':
    case 'any':
    case 'class':
      return new Set(takes(node, search.text[start]) ? [start + 1] : []);
    default:
      return new Set(holdsAt(node, search.text, start) ? [start] : []);
  }
}

function repeated(
  node: RegexNode & { kind: 'repeat' },
  search: Search,
  start: number,
): ReadonlySet<number> {
  let positions: ReadonlySet<number> = new Set([start]);
  for (let i = 0; i < node.min; i += 1) positions = endsOfAll(node.of, search, positions);
  const reached = new Set(positions);
  const rest = node.max === undefined ? search.text.length + 1 : node.max - node.min;
  for (let i = 0; i < rest && positions.size > 0; i += 1) {
    const next = endsOfAll(node.of, search, positions);
    positions = new Set([...next].filter((position) => !reached.has(position)));
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
