import { parseQuery } from '#backend';
import type { PathStep, Rule } from './ast.ts';
import { parse as parseGrammar } from './yara-l.generated.js';

/** Reads one rule; throws `QuerySyntaxError` on text outside the supported language. */
export function parse(text: string): Rule {
  return parseQuery((input) => parseGrammar(input), text);
}

/** Reads a field without its event, as mapping files name places: `principal.ip[0]`. */
export function parsePath(text: string): readonly PathStep[] {
  return parseQuery((input) => parseGrammar(input, { startRule: 'Place' }), text);
}
