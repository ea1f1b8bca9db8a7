import { parseQuery, QuerySyntaxError } from '#backend';
import type { Query } from './ast.ts';
import { parseInstant, parseSpan } from './instant.ts';
import { keywords } from './keywords.ts';
import { parse as parseText } from './kql.generated.js';

/** Reads a query text of the subset. */
export function parse(text: string): Query {
  try {
    return parseQuery((source) => parseText(source, { parseInstant, parseSpan, keywords }), text);
  } catch (error) {
    // Quotes of other kinds can hide brackets from the check of their depth.
    if (error instanceof RangeError) {
      throw new QuerySyntaxError('The query nests too deep', 0, text.length);
    }
    throw error;
  }
}
