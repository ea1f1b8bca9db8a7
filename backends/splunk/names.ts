const plain = /^[A-Za-z_][A-Za-z0-9_]*$/;
const evalWords = /^(and|or|xor|not|like|in)$/i;
const commandName = /^[A-Za-z_*][A-Za-z0-9_.{}:*]*$/;
const commandWords =
  /^(and|or|not|as|by|from|where|output|outputnew|over|sortby|span|in|limit)(?![A-Za-z0-9_])/i;
const searchWords = /^(and|or|not|in|by|search)$/i;
const searchName = /^[A-Za-z_][A-Za-z0-9_.]*$/;
const optionValue = /^[A-Za-z0-9_.@+-]+$/;

/** A text in double quotes: the backslash and the quote are all that Splunk decodes there. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A field in `where` and `eval`: single quotes around all but plain names, whose dots would join texts. */
export function evalField(name: string): string {
  if (plain.test(name) && !evalWords.test(name)) return name;
  return `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A field on the left of a comparison in `search`. */
export function searchField(name: string): string {
  return searchName.test(name) && !searchWords.test(name) ? name : quoted(name);
}

/** A field in the list of a command. */
export function listedField(name: string): string {
  return commandName.test(name) && !commandWords.test(name) ? name : quoted(name);
}

/** The value of a command's option. */
export function optionText(value: string): string {
  return optionValue.test(value) ? value : quoted(value);
}
