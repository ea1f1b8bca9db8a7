import type { Observed } from '#backend';
import { analyticsRuleId } from '../package/analytics-rule.ts';
import { propertyOf } from './rule-form.ts';

/** Which of our rules an analytics rule is, by its id. */
export type KeyOf = (id: string) => string | undefined;

/** How many ids a rule may have, one after the other. */
export const mostGenerations = 8;

/** What plans call the objects. */
export const ruleKind = 'analytics rule';
export const listKind = 'watchlist';

/** The key of a rule. */
export function ruleKey(id: string): string {
  return `rule:${id}`;
}

/** The key of a list. */
export function listKey(name: string): string {
  return `list:${name}`;
}

/** Whether a key is that of a list. */
export function isListKey(key: string): boolean {
  return key.startsWith('list:');
}

/** The id or the name in a key. */
export function idOf(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

/** Knows the analytics rules of these rules, of each generation: their ids are made of those of the rules. */
export function keysOf(ruleIds: readonly string[]): KeyOf {
  const known = new Map(
    ruleIds.flatMap((id) =>
      Array.from({ length: mostGenerations }, (_, index) => [
        analyticsRuleId({ id }, index + 1),
        ruleKey(id),
      ]),
    ),
  );
  return (id) => known.get(id.toLowerCase());
}

/**
 * Of several generations of a rule the enabled one counts if there is one such: the others have no effect, and nobody
 * needs to decide between them. They are nobody's then, and no name of theirs is in the way.
 */
export function oneGeneration(rules: readonly Observed[]): readonly Observed[] {
  const enabled = new Map<string, number>();
  for (const { key, projection } of rules)
    if (key !== undefined && propertyOf(projection, 'enabled') === true)
      enabled.set(key, (enabled.get(key) ?? 0) + 1);
  return rules.map((rule) => {
    const { key, projection } = rule;
    const isLeftover =
      key !== undefined && enabled.get(key) === 1 && propertyOf(projection, 'enabled') !== true;
    return isLeftover ? { ...rule, key: undefined, claims: [] } : rule;
  });
}
