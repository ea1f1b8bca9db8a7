/**
 * Any text on one line that says the same to people: white space and control characters are blanks. It has no backslash
 * at its end, which would carry the line on.
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trimStart();
  // A pattern for what is at the end would be tried at each of many backslashes.
  let end = line.length;
  while (end > 0 && ' \\'.includes(line[end - 1] ?? '')) end -= 1;
  return line.slice(0, end);
}

/**
 * Whether a value of several lines is sure to be read back: no line ends in a blank or a backslash of its own, and none
 * after the first begins like a comment or a stanza, or is empty, of which no documentation says what it is.
 */
export function isCertain(text: string): boolean {
  const [first = '', ...rest] = text.split('\n');
  return (
    (first === '' ? rest.length === 0 : ends.test(first)) &&
    rest.every((line) => ends.test(line) && /^\s*[^\s#;[]/.test(line))
  );
}

/** A line without characters that some reader takes for the end of one, and without a blank or backslash at its end. */
const ends = /^[^\p{Cc}\p{Zl}\p{Zp}]*[^\p{Cc}\s\\]$/u;
