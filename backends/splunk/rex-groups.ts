/** A stretch of a regular expression: what opens a named group, or other text. */
interface Piece {
  readonly text: string;
  readonly group: string | undefined;
}

/** Quoted text, an escape and a class hold no group, whatever they look like. */
const stretch =
  /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<([A-Za-z][A-Za-z0-9_]*)>|[\s\S]/g;

/** The names of the groups of a regular expression. */
export function groupsIn(pattern: string): readonly string[] {
  return piecesOf(pattern).flatMap(({ group }) => group ?? []);
}

/** The regular expression with some of its groups as groups that keep nothing. */
export function withoutGroups(pattern: string, names: ReadonlySet<string>): string {
  return piecesOf(pattern)
    .map(({ text, group }) => (group !== undefined && names.has(group) ? '(?:' : text))
    .join('');
}

function piecesOf(pattern: string): readonly Piece[] {
  return [...pattern.matchAll(stretch)].map(([text, group]) => ({ text, group }));
}
