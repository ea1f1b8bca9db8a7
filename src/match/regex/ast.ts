/**
 * A regular expression as siemc understands it: the linear syntax of RE2, with its flags resolved
 * into the nodes. Groups don't capture and repetition isn't lazy: neither changes whether a text matches.
 */
export type RegexNode =
  | Literal
  | AnyCharacter
  | CharacterClass
  | Start
  | End
  | WordBoundary
  | Concat
  | Alternate
  | Repeat;

/** One code point; `fold` accepts its other case too. */
export interface Literal {
  readonly kind: 'literal';
  readonly character: string;
  readonly fold: boolean;
}
/** One code point, a line feed only if `newline`. */
export interface AnyCharacter {
  readonly kind: 'any';
  readonly newline: boolean;
}
/** One code point in (or, negated, outside) the ranges; both ends included. */
export interface CharacterClass {
  readonly kind: 'class';
  readonly negated: boolean;
  readonly ranges: readonly CharacterRange[];
  readonly fold: boolean;
}
/** From and to, as code points. */
export type CharacterRange = readonly [number, number];
/** The very start of the text, or of any line. */
export interface Start {
  readonly kind: 'start';
  readonly line: boolean;
}
/** The very end of the text, or of any line. */
export interface End {
  readonly kind: 'end';
  readonly line: boolean;
}
/** Between an ASCII word character and anything else, or not. */
export interface WordBoundary {
  readonly kind: 'word-boundary';
  readonly negated: boolean;
}
/** One after the other; of nothing: the empty text. */
export interface Concat {
  readonly kind: 'concat';
  readonly of: readonly RegexNode[];
}
/** Either; has at least two branches. */
export interface Alternate {
  readonly kind: 'alternate';
  readonly of: readonly RegexNode[];
}
/** `min` to `max` times; without `max` as often as it goes. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly of: RegexNode;
  readonly min: number;
  readonly max: number | undefined;
}
