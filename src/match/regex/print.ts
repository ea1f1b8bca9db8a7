import { isAscii, otherCase } from '../case-fold.ts';
import type { CharacterClass, CharacterRange, RegexNode } from './ast.ts';
import { mergeRanges } from './classes.ts';

/** How a dialect writes what dialects write differently. */
export interface RegexStyle {
  /** The very end of the text: `$` means that in RE2 and Rust, in PCRE only `\z` does. */
  readonly end: '$' | '\\z';
  /** Put `(?s)` first whether a dot needs it or not (YARA-L otherwise stops at the first line). */
  readonly alwaysDotAll?: boolean;
  /** Write both cases of each letter instead of the flag `i`, which engines extend to `ſ` and the Kelvin sign. */
  readonly expandCase?: boolean;
}

/**
 * The text of a regular expression in the common subset of PCRE, RE2 and Rust's regex: explicit ASCII
 * classes, groups that don't capture, flags in front. Letters beyond ASCII whose case doesn't matter
 * become classes with folding switched off, because engines fold them differently.
 */
export function printRegex(node: RegexNode, style: RegexStyle): string {
  const facts = collect(node);
  const ignoreCase = facts.folded && !facts.exact && style.expandCase !== true;
  const dotAll = style.alwaysDotAll === true || (facts.dotAll && !facts.dotLine);
  const flags = `${ignoreCase ? 'i' : ''}${dotAll ? 's' : ''}`;
  const body = write(node, { ignoreCase, dotAll, end: style.end });
  return flags === '' ? body : `(?${flags})${body}`;
}

interface Mode {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly end: string;
}

interface Facts {
  folded: boolean;
  exact: boolean;
  dotAll: boolean;
  dotLine: boolean;
}

/** Which flags the leaves need. What lies beyond ASCII is written so that `i` doesn't matter to it. */
function collect(
  node: RegexNode,
  facts: Facts = { folded: false, exact: false, dotAll: false, dotLine: false },
): Facts {
  switch (node.kind) {
    case 'literal':
      if (/^[A-Za-z]$/.test(node.character)) facts[node.fold ? 'folded' : 'exact'] = true;
      return facts;
    case 'class':
      if (asciiOnly(node.ranges) && hasCase(node)) facts[node.fold ? 'folded' : 'exact'] = true;
      return facts;
    case 'any':
      facts[node.newline ? 'dotAll' : 'dotLine'] = true;
      return facts;
    case 'concat':
    case 'alternate':
      for (const part of node.of) collect(part, facts);
      return facts;
    case 'repeat':
      return collect(node.of, facts);
    default:
      return facts;
  }
}

function write(node: RegexNode, mode: Mode): string {
  switch (node.kind) {
    case 'literal':
      return literal(node.character, node.fold, mode);
    case 'any':
      if (node.newline) return mode.dotAll ? '.' : '(?s:.)';
      return mode.dotAll ? '[^\\n]' : '.';
    case 'class':
      return writeClass(node, mode);
    case 'start':
      return node.line ? '(?m:^)' : '^';
    case 'end':
      return node.line ? '(?m:$)' : mode.end;
    case 'word-boundary':
      return node.negated ? '\\B' : '\\b';
    case 'concat':
      return node.of
        .map((part) => (part.kind === 'alternate' ? `(?:${write(part, mode)})` : write(part, mode)))
        .join('');
    case 'alternate':
      return node.of.map((part) => write(part, mode)).join('|');
    case 'repeat':
      return atom(node.of, mode) + quantifier(node.min, node.max);
  }
}

function atom(node: RegexNode, mode: Mode): string {
  const single = node.kind === 'literal' || node.kind === 'any' || node.kind === 'class';
  return single ? write(node, mode) : `(?:${write(node, mode)})`;
}

function quantifier(min: number, max: number | undefined): string {
  if (min === 0 && max === undefined) return '*';
  if (min === 1 && max === undefined) return '+';
  if (min === 0 && max === 1) return '?';
  if (max === undefined) return `{${min},}`;
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function literal(character: string, fold: boolean, mode: Mode): string {
  const other = otherCase(character);
  const plain = isAscii(character);
  if (other === undefined || (fold && mode.ignoreCase && plain)) return escapeCharacter(character);
  const [a, b] = [character, other].sort();
  const text = fold ? `[${classCharacter(a)}${classCharacter(b)}]` : escapeCharacter(character);
  return mode.ignoreCase && !plain ? `(?-i:${text})` : text;
}

function writeClass(node: CharacterClass, mode: Mode): string {
  const beyond = !asciiOnly(node.ranges);
  const ranges =
    node.fold && (!mode.ignoreCase || beyond) ? withOtherCase(node.ranges) : node.ranges;
  const text = writeRanges(node.negated, ranges);
  // Engines fold more letters than two together (σ, ς): both cases are written, and folding is off.
  return mode.ignoreCase && beyond ? `(?-i:${text})` : text;
}

function writeRanges(negated: boolean, ranges: readonly CharacterRange[]): string {
  if (ranges.length === 0) return negated ? '(?s:.)' : '[^\\x{0}-\\x{10FFFF}]';
  const body = ranges
    .map(([from, to]) => {
      const [a, b] = [
        classCharacter(String.fromCodePoint(from)),
        classCharacter(String.fromCodePoint(to)),
      ];
      if (from === to) return a;
      return to === from + 1 ? a + b : `${a}-${b}`;
    })
    .join('');
  return `[${negated ? '^' : ''}${body}]`;
}

/** Adds the other case of each character; beyond 2,048 characters a range is left to the engine. */
function withOtherCase(ranges: readonly CharacterRange[]): readonly CharacterRange[] {
  const added: CharacterRange[] = [...ranges];
  for (const [from, to] of ranges) {
    for (let code = from; code <= Math.min(to, from + 2047); code += 1) {
      const other = otherCase(String.fromCodePoint(code))?.codePointAt(0);
      if (other !== undefined) added.push([other, other]);
    }
  }
  return mergeRanges(added);
}

function hasCase(node: CharacterClass): boolean {
  return node.ranges.some(([from, to]) => {
    for (let code = from; code <= Math.min(to, from + 2047); code += 1) {
      if (otherCase(String.fromCodePoint(code)) !== undefined) return true;
    }
    return false;
  });
}

function asciiOnly(ranges: readonly CharacterRange[]): boolean {
  return ranges.every(([, to]) => to <= 0x7f);
}

function classCharacter(character = ''): string {
  return /^[\\\]^[&~-]$/.test(character) ? `\\${character}` : visible(character);
}

function escapeCharacter(character: string): string {
  return /^[\\.+*?()|[\]{}^$]$/.test(character) ? `\\${character}` : visible(character);
}

/** Control, format and other invisible characters, and the backquote, are written by number. */
function visible(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  if (!/^[\p{C}\p{Z}`]$/u.test(character) || character === ' ') return character;
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}
