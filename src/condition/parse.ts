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

/** Reads a condition. */
export function parseCondition(text: string): Condition | ConditionProblem {
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
    return explain(text, error.found, at);
  }
}

function explain(text: string, found: string | null, span: Span): ConditionProblem {
  const code = 'condition/syntax';
  if (text.trim() === '') return { code, problem: 'The condition is empty.', span };
  const word = /^[A-Za-z0-9_*-]+/.exec(text.slice(span.start))?.[0];
  const before = /([A-Za-z0-9_-]+)\s*$/.exec(text.slice(0, span.start))?.[1];
  for (const candidate of [word, before]) {
    if (candidate !== undefined && /^(AND|OR|NOT|OF|ALL|ANY|And|Or|Not)$/.test(candidate)) {
      const start = candidate === word ? span.start : text.lastIndexOf(candidate, span.start);
      return {
        code,
        problem: `"${candidate}" is read as the name of a selection: operators are lower case.`,
        span: { start, end: start + candidate.length },
        hint: `Write "${candidate.toLowerCase()}".`,
      };
    }
  }
  if (found === null) return { code, problem: 'The condition ends too early.', span: atEnd(text) };
  if (found === ')') return { code, problem: 'This ")" closes nothing.', span };
  if (word?.includes('*')) {
    return {
      code,
      problem: `The pattern "${word}" can't stand alone.`,
      span: { start: span.start, end: span.start + word.length },
      hint: `Write "1 of ${word}" or "all of ${word}".`,
    };
  }
  const shown = word ?? found;
  return {
    code,
    problem: `"${shown}" can't stand here: "and", "or" or the end of the condition was expected.`,
    span: { start: span.start, end: span.start + shown.length },
  };
}

function atEnd(text: string): Span {
  const end = text.trimEnd().length;
  return { start: Math.max(0, end - 1), end };
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
