/**
 * Text of a rule as Markdown: nothing in it is markup, HTML, a formula or a link, whoever renders it. Only text between
 * backquotes stays code.
 */
export function markdownText(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, '\n')
    .split(/(`[^`\s](?:[^`\n]*[^`\s])?`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1)) : wordsOf(part)))
    .reduce(beside)
    .replace(/^(\s*)([-=])/gm, '$1\\$2')
    .replace(/^(\s*\d+)\.(?=\s|$)/gm, '$1\\.');
}

/** Backquotes of two pieces of code that touch would be one run, and end neither. */
function beside(before: string, after: string): string {
  return before.endsWith('`') && after.startsWith('`') ? `${before} ${after}` : before + after;
}

function wordsOf(text: string): string {
  return text
    .split(/(\s+)/)
    .map((part) => (isLinked(part) ? codeSpan(part) : escaped(part)))
    .join('');
}

/** The same on one line, for titles, cells of tables and entries of lists. */
export function markdownLine(text: string): string {
  return markdownText(text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' '));
}

/** Text between backquotes, on one line; a bar doesn't end a cell of a table. */
export function codeSpan(text: string): string {
  const line = text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('|', '\\|');
  const quotes = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) ? ' ' : '';
  return `${quotes}${space}${line}${space}${quotes}`;
}

/** A code fence longer than any run of backquotes in the text that it holds. */
export function codeFence(text: string): string {
  return '`'.repeat(Math.max(3, longestRun(text) + 1));
}

/** A web address as a link, anything else as text. */
export function markdownLink(text: string): string {
  const address = text.trim();
  return /^https?:\/\/[^\s<>\p{Cc}]+$/u.test(address) ? `<${address}>` : markdownLine(address);
}

/** What renderers make links of by themselves: addresses of the web and of mail. */
function isLinked(word: string): boolean {
  return /:\/\/|www\.|@|mailto:|xmpp:/i.test(word);
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~$]/g, '\\$&').replace(/&/g, '&amp;');
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
