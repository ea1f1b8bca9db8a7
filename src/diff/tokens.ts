/** A word, a text, an operator or a bracket of a query. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The lines that it begins and ends on, counted from 0. */
  readonly line: number;
  readonly lastLine: number;
  /** Whether it is the first or the last of its line. */
  readonly begins: boolean;
  readonly finishes: boolean;
}

/**
 * What texts of query languages are made of, near enough to see what differs: comments, texts in quotes, names with their
 * paths, numbers, operators. Whatever else there is stands by itself, so that no character is lost but white space.
 */
const piece =
  /```[^`]*```|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`|[$@!]?[\p{L}\p{N}_]+(?:(?:\.|\{\}\.?)[\p{L}\p{N}_]+)*(?:\{\})?|[=!<>~]+|\s+|[\s\S]/gu;

/** The tokens of a query; how its lines are broken is no part of them. */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Omit<Token, 'begins' | 'finishes'>[] = [];
  let line = 0;
  for (const { 0: text, index } of query.matchAll(piece)) {
    const lastLine = line + text.split('\n').length - 1;
    if (text.trim() !== '')
      tokens.push({ text, start: index, end: index + text.length, line, lastLine });
    line = lastLine;
  }
  return tokens.map((token, index) => ({
    ...token,
    begins: tokens[index - 1]?.lastLine !== token.line,
    finishes: tokens[index + 1]?.line !== token.lastLine,
  }));
}

/** Tokens as one line of text, with single spaces where their query has any white space. */
export function textOfTokens(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, start }, index) => {
      const before = tokens[index - 1];
      return before === undefined || before.end === start ? text : ` ${text}`;
    })
    .join('');
}

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/** Whether every bracket among the tokens has its other half there. */
export function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const { text } of tokens) {
    if (opening.has(text)) depth += 1;
    if (closing.has(text)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
