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
  const isIn = (code: number): boolean =>
    node.ranges.some(([from, to]) => code >= from && code <= to);
  const left = asciiCodes.filter((code) => !isIn(code) && !(node.fold && isIn(caseOf(code))));
  const beyond = node.ranges.some(([from, to]) => from <= 0x80 && to === 0x10ffff);
  if (!beyond || left.length === 0) return node;
  return { ...node, negated: true, ranges: rangesOf(left) };
}

const asciiCodes: readonly number[] = Array.from({ length: 0x80 }, (_, code) => code);

function caseOf(code: number): number {
  return otherCase(String.fromCharCode(code))?.codePointAt(0) ?? code;
}

function rangesOf(codes: readonly number[]): CharacterClass['ranges'] {
  const ranges: [number, number][] = [];
  for (const code of codes) {
    const last = ranges.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
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
