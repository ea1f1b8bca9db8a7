import type { Span } from '../text/span.ts';
import type { Condition } from './ast.ts';
import { SyntaxError as GrammarError, parse } from './condition.generated.js';

/** Why a text is no condition, and where in it. */
export interface ConditionProblem {
  readonly code: string;
  readonly problem: string;
  readonly span: Span;
  readonly hint?: string;
}

const maxDepth = 200;

/** Reads a condition; `noun` is what its names stand for. */
export function parseCondition(text: string, noun = 'selection'): Condition | ConditionProblem {
  const pipe = text.indexOf('|');
  if (pipe !== -1) {
    return {
      code: 'condition/deprecated-pipe',
      problem: 'Aggregation behind "|" was removed from Sigma.',
      span: { start: pipe, end: text.length },
      hint: 'Write a correlation rule instead.',
    };
  }
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const problem = `The condition nests more than ${maxDepth} levels deep.`;
    return { code: 'condition/too-deep', problem, span: { start: deep, end: deep + 1 } };
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    const { start, end } = error.location;
    const at = { start: start.offset, end: Math.max(end.offset, start.offset + 1) };
    return explain(text, at, noun);
  }
}

function explain(text: string, span: Span, noun: string): ConditionProblem {
  const code = 'condition/syntax';
  if (text.trim() === '') return { code, problem: 'The condition is empty.', span };
  const word = wordAt(text, span.start);
  const before = wordBefore(text, word.start);
  for (const candidate of [word, before]) {
    if (!/^(AND|OR|NOT|OF|ALL|ANY|And|Or|Not)$/.test(candidate.text)) continue;
    return {
      code,
      problem: `"${candidate.text}" is read as the name of a ${noun}: operators are lower case.`,
      span: { start: candidate.start, end: candidate.start + candidate.text.length },
      hint: `Write "${candidate.text.toLowerCase()}".`,
    };
  }
  const at = { start: word.start, end: word.start + Math.max(1, word.text.length) };
  if (word.text.includes('*')) {
    const hint = `Write "1 of ${word.text}" or "all of ${word.text}".`;
    return { code, problem: `The pattern "${word.text}" can't stand alone.`, span: at, hint };
  }
  const operand = /(^|\(|\b(and|or|not|of))\s*$/.test(text.slice(0, word.start));
  const shown = word.text || text.charAt(word.start);
  if (shown === '') return explainEnd(text, operand, noun);
  if (shown === ')' && !operand) return { code, problem: 'This ")" closes nothing.', span: at };
  const wanted = operand
    ? `the name of a ${noun} or "("`
    : '"and", "or" or the end of the condition';
  return { code, problem: `"${shown}" can't stand here: ${wanted} was expected.`, span: at };
}

function explainEnd(text: string, operand: boolean, noun: string): ConditionProblem {
  const code = 'condition/syntax';
  const end = text.trimEnd().length;
  const span = { start: Math.max(0, end - 1), end };
  if (operand) return { code, problem: `The condition ends where a ${noun} was expected.`, span };
  const open: number[] = [];
  for (const [index, character] of [...text].entries()) {
    if (character === '(') open.push(index);
    else if (character === ')') open.pop();
  }
  const start = open.at(-1);
  if (start === undefined) return { code, problem: 'The condition ends too early.', span };
  return { code, problem: 'This "(" is never closed.', span: { start, end: start + 1 } };
}

interface Word {
  readonly text: string;
  readonly start: number;
}

/** The whole word that an offset lies in; nothing between words. */
function wordAt(text: string, offset: number): Word {
  const head = /[A-Za-z0-9_*-]*$/.exec(text.slice(0, offset))?.[0] ?? '';
  const tail = /^[A-Za-z0-9_*-]*/.exec(text.slice(offset))?.[0] ?? '';
  return tail === ''
    ? { text: '', start: offset }
    : { text: head + tail, start: offset - head.length };
}

function wordBefore(text: string, offset: number): Word {
  const match = /([A-Za-z0-9_-]+)\s*$/.exec(text.slice(0, offset));
  return { text: match?.[1] ?? '', start: match?.index ?? 0 };
}

/** Where parentheses or a chain of `not` first go too deep, found without recursion. */
function tooDeepAt(text: string): number | undefined {
  let open = 0;
  let nots = 0;
  for (const match of text.matchAll(/[()]|[^\s()]+/g)) {
    if (match[0] === '(') open += 1;
    else if (match[0] === ')') open -= 1;
    nots = match[0] === 'not' ? nots + 1 : 0;
    if (open > maxDepth || nots > maxDepth) return match.index;
  }
  return undefined;
}
