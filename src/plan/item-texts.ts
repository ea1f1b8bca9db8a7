import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { canonicalPattern, type Pattern, type PatternPart } from '../match/pattern.ts';
import { base64Offsets, bytesOf } from '../rule/encode.ts';
import { base64Names, byteNames } from '../rule/modifiers.ts';
import { parse as parsePlaceholders } from '../rule/placeholder.generated.js';
import type { Value } from '../rule/rule.ts';
import { parseWildcards } from '../rule/wildcards.ts';
import type { Catalog, CatalogList } from './catalog.ts';

/** The text of a rule, as written. */
export type StringValue = Extract<Value, { readonly kind: 'string' }>;

/** How many texts one value may stand for. */
const mostTexts = 10_000;

/** All that a text stands for under its modifiers, before `contains` and its like; nothing where that was reported. */
export function textsOf(
  names: readonly string[],
  value: StringValue,
  catalog: Catalog,
  report: FindingReport,
): readonly Pattern[] | undefined {
  const patterns = names.includes('expand')
    ? expand(value, catalog, report)
    : [parseWildcards(value.text)];
  const encoding = names.find((name) => byteNames.includes(name));
  const base64 = names.find((name) => base64Names.includes(name));
  if (patterns === undefined || base64 === undefined) return patterns;
  const dashed = names.includes('windash') ? patterns.flatMap(eachDash) : patterns;
  const fail = (message: string): undefined =>
    void report({ code: 'rule/encoded-text', message, span: value.span });
  if (dashed.length > mostTexts) return fail(`The value stands for more than ${mostTexts} texts.`);
  const encoded: Pattern[] = [];
  for (const pattern of dashed) {
    const text = literalOf(pattern);
    if (text === undefined)
      return fail(
        `"${base64}" encodes a text, which has no wildcards; \\* and \\? are the characters.`,
      );
    if (text === '') return fail(`"${base64}" has nothing to encode.`);
    if (/\p{Cs}/u.test(text))
      return fail(`Half of a surrogate pair is no character that "${base64}" could encode.`);
    const bytes = bytesOf(text, encoding);
    const texts = base64 === 'base64' ? [bytes.toString('base64')] : base64Offsets(bytes);
    if (base64 === 'base64offset' && texts.length < 3)
      return fail(
        '"base64offset" needs at least two bytes: of one, not every offset leaves a whole character.',
      );
    for (const one of texts) encoded.push([one]);
  }
  return encoded;
}

/** The same where a text has to be a pattern: any dash in the place of each dash is another text. */
export function eachText(
  names: readonly string[],
  value: StringValue,
  catalog: Catalog,
  report: FindingReport,
): readonly Pattern[] | undefined {
  const texts = textsOf(names, value, catalog, report);
  const encoded = names.some((name) => base64Names.includes(name));
  if (texts === undefined || encoded || !names.includes('windash')) return texts;
  const dashed = texts.flatMap(eachDash);
  if (dashed.length <= mostTexts) return dashed;
  const message = `The value stands for more than ${mostTexts} texts.`;
  report({ code: 'rule/encoded-text', message, span: value.span });
  return undefined;
}

/** The name of the list that a value is and nothing else. */
export function wholeList(text: string): string | undefined {
  const [part, ...rest] = parsePlaceholders(text);
  return part?.kind === 'placeholder' && rest.length === 0 ? part.name : undefined;
}

/** A list that a rule names. */
export function findList(
  name: string,
  value: StringValue,
  catalog: Catalog,
  report: FindingReport,
): CatalogList | undefined {
  const list = catalog.lists.get(name);
  if (list !== undefined) return list;
  const hint =
    didYouMean(name, catalog.lists.keys()) ??
    `Put its entries into a file of the lists' folder: ${name}.txt, which begins with "# kind: string".`;
  const message = `There is no list "${name}": what "%${name}%" stands for isn't known.`;
  const start = value.text.indexOf(`%${name}%`);
  const span = start < 0 ? value.span : value.within(start, start + name.length + 2);
  report({ code: 'rule/unknown-list', message, span, hint });
  return undefined;
}

/** Every combination of the entries of the lists in a text; what stands beside them may have wildcards. */
function expand(
  value: StringValue,
  catalog: Catalog,
  report: FindingReport,
): readonly Pattern[] | undefined {
  const fail = (code: string, message: string, hint?: string): undefined =>
    void report({ code, message, span: value.span, ...(hint && { hint }) });
  const parts = parsePlaceholders(value.text);
  let patterns: readonly Pattern[] = [[]];
  for (const part of parts) {
    // The reader of the rule has told of it.
    if (part.kind === 'stray') return undefined;
    const list = part.kind === 'text' ? undefined : findList(part.name, value, catalog, report);
    if (part.kind !== 'text' && list === undefined) return undefined;
    if (list !== undefined && list.kind !== 'string') {
      const message = `The list "${list.name}" holds no texts that could be part of a value: its kind is ${list.kind}.`;
      return fail(
        'rule/list-kind',
        message,
        'Only whole values can be in it: %name% alone, under "expand".',
      );
    }
    const choices: readonly (readonly PatternPart[])[] =
      part.kind === 'text'
        ? [parseWildcards(part.text)]
        : (list?.entries.map((entry) => [entry]) ?? []);
    if (patterns.length * choices.length > mostTexts)
      return fail(
        'rule/encoded-text',
        `The lists of the value combine to more than ${mostTexts} texts.`,
      );
    patterns = patterns.flatMap((before) =>
      choices.map((choice) => canonicalPattern([...before, ...choice])),
    );
  }
  return patterns;
}

/** The characters that begin an option on a command line of Windows (Sigma 2.1, "windash"). */
export const dashes: readonly string[] = ['-', '/', '\u2013', '\u2014', '\u2015'];

/** Every text that has any dash where a text has one, the text itself first. */
function eachDash(pattern: Pattern): readonly Pattern[] {
  let made: readonly Pattern[] = [[]];
  for (const part of pattern) {
    const characters = typeof part === 'string' ? [...part] : [part];
    for (const character of characters) {
      const choices =
        typeof character === 'string' && dashes.includes(character)
          ? [character, ...dashes.filter((dash) => dash !== character)]
          : [character];
      made = made.flatMap((before) =>
        choices.map((choice) => canonicalPattern([...before, choice])),
      );
      if (made.length > mostTexts) return made;
    }
  }
  return made;
}

/** The patterns of a value under `windash` that has at most one dash; nothing where it has more. */
export function fewDashes(pattern: Pattern): readonly Pattern[] | undefined {
  const count = pattern.reduce(
    (sum, part) =>
      sum + (typeof part === 'string' ? [...part].filter((one) => dashes.includes(one)).length : 0),
    0,
  );
  return count > 1 ? undefined : eachDash(pattern);
}

/** The text that a pattern without wildcards is. */
function literalOf(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}
