import { QuerySyntaxError } from './backend.ts';

/** How deep brackets may nest in a query. */
const maxDepth = 250;

/** What a peggy parser throws. */
interface GrammarError extends Error {
  readonly expected:
    | readonly { readonly type: string; readonly description?: string; readonly text?: string }[]
    | null;
  readonly found: string | null;
  readonly location: {
    readonly start: { readonly offset: number };
    readonly end: { readonly offset: number };
  };
}

/**
 * Runs a generated parser and turns what it throws into one sentence with a place. Text that nests
 * brackets deeper than any sensible query is refused before the parser recurses.
 */
export function parseQuery<Query>(parse: (text: string) => Query, text: string): Query {
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    throw new QuerySyntaxError(`Brackets nest more than ${maxDepth} deep`, deep, deep + 1);
  }
  try {
    return parse(text);
  } catch (error) {
    if (!isGrammarError(error)) throw error;
    const { start, end } = error.location;
    throw new QuerySyntaxError(
      explain(error),
      start.offset,
      Math.max(end.offset, start.offset + 1),
    );
  }
}

function isGrammarError(error: unknown): error is GrammarError {
  return error instanceof Error && 'location' in error && 'expected' in error && 'found' in error;
}

function explain(error: GrammarError): string {
  if (error.expected === null) return error.message;
  const names = new Set<string>();
  for (const { type, description, text } of error.expected) {
    if (type === 'end') names.add('the end of the query');
    else if (description !== undefined) names.add(description);
    else if (type === 'literal' && text !== undefined && text.trim() !== '')
      names.add(JSON.stringify(text));
  }
  const found = error.found === null ? 'The query ends' : `${JSON.stringify(error.found)} stands`;
  const list = [...names].sort().slice(0, 8);
  const wanted = list.length === 0 ? 'something else' : list.join(', ');
  return `${found} where ${list.length > 1 ? 'one of these' : 'this'} was expected: ${wanted}`;
}

/** Where the nesting first exceeds the bound; brackets in strings count too: an upper bound is enough. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? '';
    if (quote !== '') {
      if (character === '\\') i += 1;
      else if (character === quote) quote = '';
    } else if (character === '"') quote = character;
    else if ('([{'.includes(character)) {
      depth += 1;
      if (depth > maxDepth) return i;
    } else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  return undefined;
}
