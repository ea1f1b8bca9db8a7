/**
 * Text of a rule as Markdown: nothing in it is markup, HTML, a formula or a link, whoever renders it. Only text between
 * backquotes stays code.
 */
export function markdownText(text: string): string {
  return text
    .split(/[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
    .split(/(`[^`\s](?:[^`\n]*[^`\s])?`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1)) : wordsOf(part)))
    .filter((part) => part !== '')
    .map((part, index, parts) => (touches(parts[index - 1], part) ? ` ${part}` : part))
    .join('')
    .replace(/^[-=:]/gm, '\\$&')
    .replace(/^(\d+)\.(?=\s|$)/gm, '$1\\.');
}

/** Backquotes of two pieces of code that touch would be one run, and end neither. */
function touches(before: string | undefined, after: string): boolean {
  return before?.endsWith('`') === true && after.startsWith('`');
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

/** Markdown for a cell of a table: an odd number of backslashes before each bar, in code too, or it would end the cell. */
export function inCell(markdown: string): string {
  const parts = markdown.split('|');
  return parts
    .map((part, index) => {
      const isOpen = index < parts.length - 1 && backslashesAtEnd(part) % 2 === 0;
      return isOpen ? `${part}\\` : part;
    })
    .join('|');
}

function backslashesAtEnd(text: string): number {
  let start = text.length;
  while (text[start - 1] === '\\') start -= 1;
  return text.length - start;
}

/** Text between backquotes, on one line. */
export function codeSpan(text: string): string {
  const line = text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ');
  const quotes = '`'.repeat(longestRun(line) + 1);
  const space = /^`|^$|`$/.test(line) ? ' ' : '';
  return `${quotes}${space}${line}${space}${quotes}`;
}

/** A code fence longer than any run of backquotes in the text that it holds. */
export function codeFence(text: string): string {
  return '`'.repeat(Math.max(3, longestRun(text) + 1));
}

/** A code element, for places inside of HTML: nothing of the text is a tag or a mention. */
export function codeElement(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  const line = text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ');
  return `<code>${line.replace(/[&<>"']/g, (letter) => names[letter] ?? letter)}</code>`;
}

/** A web address as a link, anything else as text. */
export function markdownLink(text: string): string {
  const address = text.trim();
  return /^https?:\/\/[^\s<>\p{Cc}]+$/u.test(address) ? `<${address}>` : markdownLine(address);
}

/** What renderers make links of by themselves: addresses of the web and of mail, people, issues. */
function isLinked(word: string): boolean {
  return /:\/\/|www\.|@|mailto:|xmpp:|#\d|\bGH-\d/i.test(word);
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~$]/g, '\\$&').replace(/&/g, '&amp;');
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
