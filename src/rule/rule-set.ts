import type { Rule } from './rule.ts';

/** The rules that correlations may name. */
export interface RuleSet {
  /** Rules of a name or id, as one rule means them: those of its own file before all others. */
  find(name: string, by: Rule): readonly Rule[];
  /** All names and ids, for suggestions. */
  names(): readonly string[];
}

/** A set of rules; more are read only when a name isn't among them. */
export function ruleSet(
  rules: readonly Rule[],
  elsewhere: () => readonly Rule[] = () => [],
): RuleSet {
  const here = indexOf(rules);
  let more: ReadonlyMap<string, readonly Rule[]> | undefined;
  return {
    find(name, by) {
      const key = keyOf(name);
      const known = here.get(key);
      if (known !== undefined) {
        const own = known.filter(({ file }) => file === by.file);
        return own.length > 0 ? own : known;
      }
      more ??= indexOf(elsewhere());
      return more.get(key) ?? [];
    },
    names: () => [...here.keys(), ...(more?.keys() ?? [])],
  };
}

function indexOf(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const index = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const name of new Set([rule.name, rule.id])) {
      if (name === undefined) continue;
      index.set(keyOf(name), [...(index.get(keyOf(name)) ?? []), rule]);
    }
  }
  return index;
}

/** Names compare exactly, ids in any case. */
function keyOf(name: string): string {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(name) ? name.toLowerCase() : name;
}
