import { RE2JS } from 're2js';
import { compileRegex, parseRegex, QueryRunError } from '#backend';

/** A search as `re.regex` and `= /…/` do it: of the first line only, unless the text begins with `(?s)`. */
export function searcher(text: string, nocase: boolean): (value: string) => boolean {
  const flags = { ignoreCase: nocase, multiline: false, dotAll: false };
  const node = parseRegex(text, flags, 're2');
  if ('problem' in node) throw invalid(text, node.problem);
  const test = compileRegex(node);
  if (/^\(\?[a-zA-Z]*s/.test(text)) return test;
  return (value) => {
    const end = value.indexOf('\n');
    return test(end === -1 ? value : value.slice(0, end));
  };
}

/** `re.capture`: the one group, or without a group the whole match; nothing found is the empty string. */
export function capture(text: string, regex: string): string {
  const compiled = compile(regex);
  if (compiled.groupCount() > 1) {
    throw new QueryRunError('re.capture takes a regular expression with at most one group');
  }
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return '';
  return (compiled.groupCount() === 1 ? matcher.group(1) : matcher.group()) ?? '';
}

/** `re.replace`: every match, from the left; `\0` to `\9` in the replacement are the groups. */
export function replace(text: string, regex: string, replacement: string): string {
  const matcher = compile(regex).matcher(text);
  const groups = compile(regex).groupCount();
  let result = '';
  let from = 0;
  while (matcher.find()) {
    const inserted = replacement.replace(/\\([0-9])/g, (_, digit: string) =>
      Number(digit) <= groups ? (matcher.group(Number(digit)) ?? '') : '',
    );
    result += text.slice(from, matcher.start()) + inserted;
    from = matcher.end();
  }
  return result + text.slice(from);
}

function compile(regex: string): RE2JS {
  const node = parseRegex(regex, { ignoreCase: false, multiline: false, dotAll: false }, 're2');
  if ('problem' in node) throw invalid(regex, node.problem);
  return RE2JS.compile(regex);
}

function invalid(text: string, problem: string): QueryRunError {
  return new QueryRunError(
    `The regular expression ${JSON.stringify(text)} can't be run. ${problem}`,
  );
}
