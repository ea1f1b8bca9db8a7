import { parseQuery } from '#backend';
import type { PathStep, Query, Rule } from './ast.ts';
import { parse as parseGrammar } from './yara-l.generated.js';

/** Reads one rule; throws `QuerySyntaxError` on text outside the supported language. */
export function parseRule(text: string): Rule {
  return parseQuery((input) => parseGrammar(input), text);
}

/** Reads a rule or a statistical search, which has an outcome and no `rule` around it. */
export function parse(text: string): Query {
  if (!isSearch(text)) return parseRule(text);
  return parseQuery((input) => parseGrammar(input, { startRule: 'Search' }), text);
}

/** Reads a field without its event, as mapping files name places: `principal.ip[0]`. */
export function parsePath(text: string): readonly PathStep[] {
  return parseQuery((input) => parseGrammar(input, { startRule: 'Place' }), text);
}

/** Whether a text has sections of its own, not those of a rule. */
function isSearch(text: string): boolean {
  const isRule = /^\s*(?:(?:\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*rule\b/i.test(text);
  return !isRule && /^[ \t]*outcome[ \t]*:/im.test(text);
}
