import type { Network } from './address.ts';
import type { NamedList } from './list.ts';
import type { Pattern } from './pattern.ts';
import type { RegexNode } from './regex/ast.ts';
import type { TimePart } from './time.ts';

/** A test of one value's canonical text. On an absent field every test is false. */
export type Test = Match | Regex | Compare | InNetwork | InList | TimeIs | Exists;

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
/** The value is in a list that the SIEM keeps; what is in it is no part of the query. */
export interface InList {
  readonly kind: 'in-list';
  readonly list: NamedList;
}
/**
 * The value is a time, ISO 8601, of which a part (in UTC) is in one of the ranges. On targets only of the
 * event's own time.
 */
export interface TimeIs {
  readonly kind: 'time';
  readonly part: TimePart;
  /** In ascending order, neither touching nor overlapping, within the part's own range. */
  readonly ranges: readonly Range[];
}
/** Whole numbers, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}
/** The field has a value, whatever it is. */
export interface Exists {
  readonly kind: 'exists';
}

/** The test that a value equals a text. */
export function equals(text: string, cased = false): Match {
  return { kind: 'match', pattern: text === '' ? [] : [text], cased };
}
