import { parseQuery } from '#backend';
import type { SplQuery } from './ast.ts';
import { aggregateProblem, functionProblem } from './functions.ts';
import { parse as parseText } from './spl.generated.js';

/** Reads a search; what is outside the subset is refused at its place. */
export function parse(text: string): SplQuery {
  const names = { functions: functionProblem, aggregates: aggregateProblem };
  return parseQuery((whole) => parseText(whole, names), text);
}
