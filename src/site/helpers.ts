import {
  codeElement,
  codeFence,
  codeSpan,
  inCell,
  markdownLine,
  markdownLink,
  markdownText,
} from './markdown.ts';

/** What templates write texts of rules with: `text` on several lines, `line` on one, `cell` in a table, `htmlCode` inside of HTML. */
export const helpers: Readonly<Record<string, (value: unknown) => string>> = {
  text: of(markdownText),
  line: of(markdownLine),
  cell: of((text) => inCell(markdownLine(text))),
  code: of(codeSpan),
  codeCell: of((text) => inCell(codeSpan(text))),
  fence: of(codeFence),
  link: of(markdownLink),
  htmlCode: of(codeElement),
};

/** A page without runs of empty lines, that ends with one line feed. */
export function tidied(page: string): string {
  return `${page.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}

function of(write: (text: string) => string): (value: unknown) => string {
  return (value) => write(String(value));
}
