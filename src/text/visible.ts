/** Controls, marks that turn the direction of writing, and separators of lines and paragraphs. */
const unseen = /\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of a rule on one line of a terminal: what would move its cursor is one visible character each. */
export function visible(text: string): string {
  return text.replace(unseen, '\ufffd');
}

/** The same for several lines, which stay lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
