/** Modifiers that siemc compiles. */
export const modifiers = [
  'contains',
  'startswith',
  'endswith',
  'all',
  're',
  'i',
  'm',
  's',
  'cidr',
  'exists',
  'cased',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
] as const;

/** A modifier that siemc compiles. */
export type ModifierName = (typeof modifiers)[number];

/** Modifiers of Sigma 2.1 that siemc knows and refuses, because it can't compile them yet. */
export const knownModifiers: readonly string[] = [
  'windash',
  'base64',
  'base64offset',
  'wide',
  'utf16',
  'utf16le',
  'utf16be',
  'expand',
  'fieldref',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
];

/** Whether siemc compiles a modifier. */
export function isModifier(name: string): name is ModifierName {
  return (modifiers as readonly string[]).includes(name);
}
