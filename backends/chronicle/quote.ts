const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string literal in double quotes. */
export function quote(text: string): string {
  let quoted = '';
  for (const character of text) quoted += escapes[character] ?? control(character);
  return `"${quoted}"`;
}

/** A string literal in backquotes, where nothing is escaped; else in double quotes. */
export function quoteRegex(text: string): string {
  return text.includes('`') || [...text].some((c) => control(c) !== c)
    ? quote(text)
    : `\`${text}\``;
}

function control(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code !== 0x7f) return character;
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
