import { RE2JS } from 're2js';
import { compileRegex, parseRegex, QueryRunError } from '#backend';

/** A test by a PCRE text; what doesn't run in linear time is refused. */
export function compilePcre(text: string): (value: string) => boolean {
  const node = parseRegex(text, undefined, 'pcre');
  if ('problem' in node) throw refusal(text, node.problem);
  return compileRegex(node);
}

/** A regular expression whose groups are wanted. */
export function compileGroups(text: string): RE2JS {
  const node = parseRegex(text, undefined, 'pcre');
  if ('problem' in node) throw refusal(text, node.problem);
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw refusal(text, error instanceof Error ? error.message : String(error));
  }
}

function refusal(text: string, problem: string): QueryRunError {
  return new QueryRunError(`The regular expression "${text}" can't be run. ${problem}`);
}
