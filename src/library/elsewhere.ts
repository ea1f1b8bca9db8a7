import type { CorrelationRule, Rule } from '../rule/rule.ts';
import type { Elsewhere } from '../rule/rule-set.ts';
import type { Tuning } from '../rule/tune.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { type RulePath, rulesIn } from './discover.ts';
import { maxBytes, readText, type Text } from './read-file.ts';
import { type RuleFile, readRuleFile } from './read-rules.ts';

/** Where a project's rules are, and relative to what people call them. */
export interface Detections {
  readonly folder: string;
  readonly cwd: string;
  /** The rule files where they aren't on disk. */
  readonly files?: () => readonly GivenFile[];
}

/** A rule file and what it says. */
export interface GivenFile {
  readonly path: RulePath;
  readonly text: Text;
}

/** The rules of a project beside those of some files. */
export interface OtherRules extends Elsewhere {
  /** At least all correlations that name one of these names and ids. */
  correlationsOf(names: readonly string[]): readonly InFile<CorrelationRule>[];
}

/** A rule and where its file is. */
export interface InFile<Kind extends Rule = Rule> {
  readonly path: RulePath;
  readonly rule: Kind;
}

/** A file that may have to be read; its text in small letters, nothing where there is none. */
interface Waiting {
  readonly path: RulePath;
  readonly text: string | undefined;
  /** What it says, as it stands, where it isn't on disk. */
  readonly given: Text | undefined;
}

const silent = (): void => {};

/**
 * The rules of a project beside those of `known` files. Only files whose text mentions what is asked for
 * are read as rules; what is wrong in them is told where somebody asks for them.
 */
export function otherRules(
  detections: Detections | undefined,
  known: readonly RuleFile[],
  tunings: readonly Tuning[] = [],
): OtherRules {
  const files = lazily(() => (detections === undefined ? [] : textsOf(detections, known)));
  const read = new Map<string, RuleFile>();
  const rulesAt = ({ path, given }: Waiting): RuleFile => {
    const file = read.get(path.path) ?? readRuleFile(path, silent, tunings, given);
    read.set(path.path, file);
    return file;
  };
  const mentioning = (name: string): readonly Waiting[] => {
    const isIn = mention(name);
    return files().filter(({ text }) => text === undefined || isIn(text));
  };
  return {
    mentioning: (name) => mentioning(name).map(rulesAt).flatMap(rulesOf),
    all: () => files().map(rulesAt).flatMap(rulesOf),
    filters: () =>
      files()
        .filter(
          ({ text }) => text === undefined || /\bfilter["']?\s*:/.test(text) || escapes.test(text),
        )
        .map(rulesAt)
        .flatMap(rulesOf)
        .filter((rule) => rule.kind === 'filter'),
    unreadFilters() {
      const here = known.filter(({ file }) => file !== undefined && isFilter.test(file.text));
      const there = files().filter(({ text }) => text !== undefined && isFilter.test(text));
      const lost = [...here, ...there.map(rulesAt)].filter((file) => file.lost);
      return lost.map(({ path }) => path.shown).sort(byCodePoint);
    },
    unread(name) {
      const isIn = mention(name);
      const here = known.filter(({ file }) => file === undefined || isIn(file.text.toLowerCase()));
      const lost = [...here, ...mentioning(name).map(rulesAt)].filter((file) => file.lost);
      return lost.map(({ path }) => path.shown);
    },
    correlationsOf(names) {
      const mentions = names.map(mention);
      const asked = files().filter(({ text }) => {
        if (text?.includes('correlation') !== true) return false;
        // The project may set the names of its rules.
        if (tunings.length > 0 && text.includes('tunables')) return true;
        const rest = text.replace(relation, '');
        return mentions.some((isIn) => isIn(rest));
      });
      return asked
        .map(rulesAt)
        .flatMap(({ path, rules }) =>
          rules.flatMap(({ rule }) => (rule.kind === 'correlation' ? [{ path, rule }] : [])),
        );
    },
  };
}

/** An entry of `related`, which names a rule and takes no part of it. */
const relation =
  /^\s*- id: *[0-9a-f-]{36} *\n\s+type: *(derived|obsoletes?|merged|renamed|similar) *$/gm;

/** A quoted text that holds a letter by its number. */
const escaped = '"[^"\\n]*\\\\[xu][0-9a-f]{2}[^"\\n]*"';

const escapes = new RegExp(escaped);

/** A key `filter` at the top of a document, not a selection of that name. */
const isFilter = /^["']?filter["']?\s*:/im;

/** Tells whether a name stands in a text as a word of its own; YAML can write it with escapes, too. */
function mention(name: string): (text: string) => boolean {
  const literal = name
    .toLowerCase()
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
  const start = /^\w/.test(name) ? '(?<!\\w)' : '';
  const end = /\w$/.test(name) ? '(?!\\w)' : '';
  const word = new RegExp(`${start}${literal}${end}|${escaped}`);
  return (text) => word.test(text);
}

function textsOf(
  { folder, cwd, files }: Detections,
  known: readonly RuleFile[],
): readonly Waiting[] {
  const paths = new Set(known.map(({ path }) => path.path));
  const small = (text: Text): string | undefined =>
    'text' in text ? text.text.toLowerCase() : undefined;
  if (files !== undefined) {
    return files()
      .filter(({ path }) => !paths.has(path.path))
      .map(({ path, text }) => ({ path, text: small(text), given: text }));
  }
  return rulesIn(folder, cwd)
    .filter(({ path }) => !paths.has(path))
    .map((path) => {
      const text = small(readText(path.path, maxBytes.source));
      return { path, text, given: undefined };
    });
}

function rulesOf({ rules }: RuleFile): readonly Rule[] {
  return rules.map(({ rule }) => rule);
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
