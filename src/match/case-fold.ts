/**
 * Letters that are each other's one-to-one upper and lower case are equal, `Ä` and `ä` too; every
 * other folding pair (dotless i, long s, Kelvin sign, sharp s) equals only itself.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let folded = '';
  for (const character of text) folded += foldCharacter(character);
  return folded;
}

/** The other case of one character under the same rule, or nothing. */
export function otherCase(character: string): string | undefined {
  const lower = character.toLowerCase();
  if (lower !== character) return lower.toUpperCase() === character ? one(lower) : undefined;
  const upper = character.toUpperCase();
  return upper !== character && upper.toLowerCase() === character ? one(upper) : undefined;
}

/** Whether a text has only characters up to U+007F. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function foldCharacter(character: string): string {
  const lower = character.toLowerCase();
  return lower !== character && lower.toUpperCase() === character && one(lower) ? lower : character;
}

function one(text: string): string | undefined {
  return [...text].length === 1 ? text : undefined;
}
