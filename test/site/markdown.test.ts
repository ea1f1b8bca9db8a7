import { describe, expect, test } from 'vitest';
import { markdownLine, markdownText } from '../../src/site/markdown.ts';

describe('text of rules as Markdown', () => {
  for (const [what, text, markdown] of [
    ['keeps code between backquotes', 'Look at `account`.', 'Look at `account`.'],
    ['keeps code of several words', '(`az disk revoke-access`)', '\\(`az disk revoke-access`\\)'],
    ['escapes a backquote alone', 'a ` b', 'a \\` b'],
    ['shows markup in code as it is', '`<b>` <b>', '`<b>` \\<b\\>'],
    ['keeps the rest a text when code ends within a word', '`a`*b*', '`a`\\*b\\*'],
    ['keeps pieces of code apart', '`a`b`http://x', '`a` ``b`http://x``'],
    ['ends no cell of a table within code', '`a|b`', '`a\\|b`'],
    ['takes only the inner ones of two backquotes', '``a``', '\\` `a`\\`'],
    ['escapes links and images', '![x](y)', '\\!\\[x\\]\\(y\\)'],
  ] as const) {
    test(what, () => expect(markdownText(text)).toBe(markdown));
  }

  test('code stays on its line', () => {
    expect(markdownText('a `b\nc` d')).toBe('a \\`b\nc\\` d');
    expect(markdownLine('a `b\nc` d')).toBe('a `b c` d');
  });
});
