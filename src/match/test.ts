import type { Network } from './address.ts';
import type { Pattern } from './pattern.ts';
import type { RegexNode } from './regex/ast.ts';

/** A test of one value's canonical text. On an absent field every test is false. */
export type Test = Match | Regex | Compare | InNetwork | Exists;

/** The whole value looks like the pattern. */
export interface Match {
  readonly kind: 'match';
  readonly pattern: Pattern;
  readonly cased: boolean;
}
/** Some part of the value matches the regular expression. */
export interface Regex {
  readonly kind: 'regex';
  readonly regex: RegexNode;
  /** As the author wrote it, for messages. */
  readonly text: string;
}
/** The value is a plain decimal number and stands in this order to the bound. */
export interface Compare {
  readonly kind: 'compare';
  readonly order: 'lt' | 'lte' | 'gt' | 'gte';
  readonly bound: number;
}
/** The value is an address inside the network. */
export interface InNetwork {
  readonly kind: 'in-network';
  readonly network: Network;
}
/** The field has a value, whatever it is. */
export interface Exists {
  readonly kind: 'exists';
}

/** The test that a value equals a text. */
export function equals(text: string, cased = false): Match {
  return { kind: 'match', pattern: text === '' ? [] : [text], cased };
}
