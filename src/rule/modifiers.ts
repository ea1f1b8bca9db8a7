import type { TimePart } from '../match/time.ts';

/** Orders of numbers. */
export const orderNames: readonly string[] = ['lt', 'lte', 'gt', 'gte'];
/** Modifiers that leave an end of the value open. */
export const endNames: readonly string[] = ['contains', 'startswith', 'endswith'];
/** Parts of a time, in UTC. */
export const timeNames: readonly Exclude<TimePart, 'second-of-week'>[] = [
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
];
/** Encodings of a text in bytes; only base64 makes text of them again. */
export const byteNames: readonly string[] = ['wide', 'utf16le', 'utf16be', 'utf16'];
/** Encodings of bytes as text. */
export const base64Names: readonly string[] = ['base64', 'base64offset'];
/** Modifiers that make other texts of a value, in the order in which they are applied. */
export const textNames: readonly string[] = ['expand', 'windash', ...byteNames, ...base64Names];
/** Modifiers that decide what kind of test an item is; at most one of them. */
export const kindNames: readonly string[] = [
  're',
  'cidr',
  'exists',
  'fieldref',
  'within',
  ...orderNames,
];

/** All modifiers of Sigma 2.1, and siemc's own `within`. */
export const modifiers: readonly string[] = [
  'all',
  'cased',
  'neq',
  'i',
  'm',
  's',
  ...endNames,
  ...textNames,
  ...timeNames,
  ...kindNames,
];
