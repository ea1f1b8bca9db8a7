import {
  compileRegex,
  foldCase,
  isAscii,
  type NamedList,
  parseRegex,
  QueryRunError,
} from '#backend';
import type { Membership } from '../ast.ts';
import { type CallContext, inRange } from './functions.ts';
import { asciiLower } from './operators.ts';
import { searcher } from './regular-expressions.ts';

/** Whether texts are in the list that an `in` names ("Reference list syntax", "Reference Lists"). */
export function listSearcher(
  { list: name, entries, nocase }: Membership,
  context: CallContext,
): (text: string) => boolean {
  const list = context.lists.get(name);
  if (list === undefined) throw new QueryRunError(`There is no reference list %${name} here`);
  if (list.kind !== entries) {
    const operators = { string: 'in', regex: 'in regex', cidr: 'in cidr' };
    throw new QueryRunError(`The reference list %${name} is for "${operators[list.kind]}"`);
  }
  switch (entries) {
    case 'string':
      return textSearcher(list, nocase, context);
    case 'regex':
      return regexSearcher(list, nocase, context);
    case 'cidr':
      // "The nocase operator is compatible with STRING lists and REGEX lists."
      if (nocase) throw new QueryRunError('"nocase" can\'t stand behind "in cidr"');
      return (text) => list.entries.some((entry) => inRange(text, entry, context.readings));
  }
}

/** "Case sensitive strings": a field "exactly matches any line". */
function textSearcher(
  { entries }: NamedList,
  nocase: boolean,
  { readings }: CallContext,
): (text: string) => boolean {
  if (!nocase) {
    const known = new Set(entries);
    return (text) => known.has(text);
  }
  const known = new Set(entries.map(asciiLower));
  const folded = new Set(entries.filter((entry) => !isAscii(entry)).map(foldCase));
  return (text) =>
    known.has(asciiLower(text)) ||
    (!isAscii(text) &&
      folded.has(foldCase(text)) &&
      readings.of('nocase-beyond-ascii') === 'unicode');
}

/** RE2, found anywhere: "whose hostnames match substrings in my_regex_list". */
function regexSearcher(
  { name, entries }: NamedList,
  nocase: boolean,
  { readings }: CallContext,
): (text: string) => boolean {
  const flags = { ignoreCase: nocase, multiline: false, dotAll: false };
  const searches = entries.map((entry) => {
    const node = parseRegex(entry, flags, 're2');
    if ('problem' in node) {
      throw new QueryRunError(
        `The regular expression ${JSON.stringify(entry)} of %${name} can't be run. ${node.problem}`,
      );
    }
    return { all: compileRegex(node), first: searcher(entry, nocase) };
  });
  return (text) => {
    const found = searches.some(({ all }) => all(text));
    if (!text.includes('\n') || searches.some(({ first }) => first(text)) === found) return found;
    return readings.of('regex-list-lines') === 'all' ? found : !found;
  };
}
