import { describe, expect, test } from 'vitest';
import { codeSpan, inCell, markdownLine, markdownText } from '../../src/site/markdown.ts';

describe('text of rules as Markdown', () => {
  for (const [what, text, markdown] of [
    ['keeps code between backquotes', 'Look at `account`.', 'Look at `account`.'],
    ['keeps code of several words', '(`az disk revoke-access`)', '\\(`az disk revoke-access`\\)'],
    ['escapes a backquote alone', 'a ` b', 'a \\` b'],
    ['shows markup in code as it is', '`<b>` <b>', '`<b>` \\<b\\>'],
    ['keeps the rest a text when code ends within a word', '`a`*b*', '`a`\\*b\\*'],
    ['keeps pieces of code apart', '`a`b`http://x', '`a` ``b`http://x``'],
    ['adds no backslash to code', '`a|b`', '`a|b`'],
    ['starts no table', 'a\n:-\n`b|<i>`', 'a\n\\:-\n`b|<i>`'],
    ['starts no list after other ends of lines', 'a\r- b\u2028- c', 'a\n\\- b\n\\- c'],
    ['takes only the inner ones of two backquotes', '``a``', '\\` `a`\\`'],
    ['escapes links and images', '![x](y)', '\\!\\[x\\]\\(y\\)'],
  ] as const) {
    test(what, () => expect(markdownText(text)).toBe(markdown));
  }

  test('code of nothing ends where it begins', () => expect(codeSpan('')).toBe('`  `'));

  for (const [what, text] of [
    ['spaces', `a${' '.repeat(200_000)}b`],
    ['returns', `a${'\r'.repeat(200_000)}b`],
    ['empty lines', `a${' \n'.repeat(100_000)}b`],
    ['pieces of code', '`a`'.repeat(60_000)],
    ['open code', '` a'.repeat(60_000)],
    ['backslashes', '\\'.repeat(200_000)],
  ] as const) {
    test(`is made of many ${what} in no time`, () => {
      const start = performance.now();
      inCell(markdownText(text));
      inCell(markdownLine(text));
      inCell(text);
      expect(performance.now() - start).toBeLessThan(2000);
    });
  }

  test('code stays on its line', () => {
    expect(markdownText('a `b\nc` d')).toBe('a \\`b\nc\\` d');
    expect(markdownLine('a `b\nc` d')).toBe('a `b c` d');
  });
});

describe('Markdown in a cell of a table', () => {
  for (const [what, markdown, cell] of [
    ['escapes a bar in code', '`a|b`', '`a\\|b`'],
    ['keeps a bar that is escaped', 'a\\|b', 'a\\|b'],
    ['keeps a bar in code that a backslash stands before', '`x\\| <img>`', '`x\\| <img>`'],
    ['adds a backslash to two', '`x\\\\|y`', '`x\\\\\\|y`'],
    ['escapes each of several bars', '`||`', '`\\|\\|`'],
    ['keeps backslashes elsewhere', '`\\\\`', '`\\\\`'],
  ] as const) {
    test(what, () => expect(inCell(markdown)).toBe(cell));
  }
});
