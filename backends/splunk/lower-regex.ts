import { isAscii, otherCase, printRegex, type RegexNode } from '#backend';

type CharacterClass = Extract<RegexNode, { readonly kind: 'class' }>;

/** A regular expression in Splunk's PCRE, and what there is to say about it. */
export interface PcreText {
  readonly text: string;
  /** Whether it is right only if PCRE takes a character beyond ASCII for one. */
  readonly needsUtf: boolean;
}

/**
 * Prints a regular expression so that it means the same whether PCRE reads characters or bytes, as far
 * as that can be: a letter beyond ASCII whose case doesn't matter becomes an alternation.
 */
export function printPcre(node: RegexNode): PcreText {
  const spelled = spell(node);
  return { text: printRegex(spelled, { end: '\\z' }), needsUtf: needsUtf(spelled) };
}

/** Why a regular expression can't be said, if it can't. */
export function pcreProblem(node: RegexNode): 'lone-surrogate' | 'line-start' | undefined {
  if (hasLoneSurrogate(node)) return 'lone-surrogate';
  return hasOpenLineStart(node) ? 'line-start' : undefined;
}

function spell(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'literal': {
      const other = node.fold ? otherCase(node.character) : undefined;
      if (other === undefined || isAscii(node.character)) return node;
      const both = [node.character, other].sort();
      return {
        kind: 'alternate',
        of: both.map((character) => ({ kind: 'literal', character, fold: false })),
      };
    }
    case 'concat':
    case 'alternate':
      return { kind: node.kind, of: node.of.map(spell) };
    case 'repeat':
      return { ...node, of: spell(node.of) };
    case 'class':
      return spellClass(node);
    case 'any':
    case 'start':
    case 'end':
    case 'word-boundary':
      return node;
  }
}

/**
 * A class that leaves out ASCII characters only is spelt by those: a PCRE that reads bytes refuses
 * ranges beyond them.
 */
function spellClass(node: CharacterClass): CharacterClass {
  if (node.negated) return node;
  const left: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...node.ranges].sort(([a], [b]) => a - b)) {
    if (from > next) left.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 0x10ffff || left.length === 0 || left.some(([, to]) => to > 0x7f)) return node;
  if (!node.fold) return { ...node, negated: true, ranges: left };
  const excluded = left.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  const ranges = excluded
    .filter((code) => {
      const other = otherCase(String.fromCodePoint(code))?.codePointAt(0);
      return other === undefined || excluded.includes(other);
    })
    .map((code) => [code, code] as const);
  return { ...node, negated: true, fold: false, ranges };
}

/** Any number of characters is any number of bytes: only counted ones differ. */
function needsUtf(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
      return !isAscii(node.character) && /[\p{C}\p{Z}]/u.test(node.character);
    case 'any':
      return true;
    case 'class':
      return node.negated || !node.ranges.every(([, to]) => to <= 0x7f);
    case 'repeat': {
      const { of, min, max } = node;
      if (of.kind === 'literal' && !isAscii(of.character)) return true;
      const run = min <= 1 && max === undefined;
      const wide = of.kind === 'any' || (of.kind === 'class' && of.negated);
      const ascii = of.kind !== 'class' || of.ranges.every(([, to]) => to <= 0x7f);
      return run && wide && ascii ? false : needsUtf(of);
    }
    case 'concat':
    case 'alternate':
      return node.of.some(needsUtf);
    case 'start':
    case 'end':
    case 'word-boundary':
      return false;
  }
}

function hasLoneSurrogate(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
      return isSurrogate(node.character.codePointAt(0) ?? 0);
    case 'class':
      return node.ranges.some(([from, to]) => isSurrogate(from) || isSurrogate(to));
    case 'concat':
    case 'alternate':
      return node.of.some(hasLoneSurrogate);
    case 'repeat':
      return hasLoneSurrogate(node.of);
    case 'any':
    case 'start':
    case 'end':
    case 'word-boundary':
      return false;
  }
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/**
 * PCRE's `^` of a line doesn't match behind the last line feed of a text, RE2's does: the difference
 * shows unless a character must follow.
 */
function hasOpenLineStart(node: RegexNode): boolean {
  switch (node.kind) {
    case 'start':
      return node.line;
    case 'concat':
      return node.of.some((part, index) => {
        if (part.kind === 'start')
          return part.line && !node.of.slice(index + 1).some(takesCharacter);
        return hasOpenLineStart(part);
      });
    case 'alternate':
      return node.of.some(hasOpenLineStart);
    case 'repeat':
      return hasOpenLineStart(node.of);
    case 'literal':
    case 'any':
    case 'class':
    case 'end':
    case 'word-boundary':
      return false;
  }
}

function takesCharacter(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'any':
    case 'class':
      return true;
    case 'concat':
      return node.of.some(takesCharacter);
    case 'alternate':
      return node.of.every(takesCharacter);
    case 'repeat':
      return node.min > 0 && takesCharacter(node.of);
    case 'start':
    case 'end':
    case 'word-boundary':
      return false;
  }
}
