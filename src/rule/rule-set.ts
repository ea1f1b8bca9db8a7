import type { Rule } from './rule.ts';

/** The rules that correlations may name. */
export interface RuleSet {
  /** Rules of a name or id, as one rule means them: those of its own file before all others. */
  find(name: string, by: Rule): readonly Rule[];
  /** All names and ids, for suggestions. */
  names(): readonly string[];
  /** Files that mention a name and hold something that can't be read: a rule of that name may be in them. */
  unread(name: string): readonly string[];
}

/** More rules, read only when somebody asks for them. */
export interface Elsewhere {
  /** At least all rules of a name or id. */
  mentioning(name: string): readonly Rule[];
  all(): readonly Rule[];
  unread(name: string): readonly string[];
}

const nowhere: Elsewhere = { mentioning: () => [], all: () => [], unread: () => [] };

/** A set of rules, and more of them elsewhere. */
export function ruleSet(rules: readonly Rule[], elsewhere: Elsewhere = nowhere): RuleSet {
  const here = indexOf(rules);
  const found = new Map<string, readonly Rule[]>();
  const everywhere = (name: string): readonly Rule[] => {
    const key = keyOf(name);
    const more = elsewhere.mentioning(key).filter((rule) => keysOf(rule).includes(key));
    return [...(here.get(key) ?? []), ...more];
  };
  return {
    find(name, by) {
      const all = found.get(name) ?? everywhere(name);
      found.set(name, all);
      const own = all.filter(({ file }) => file === by.file);
      return own.length > 0 ? own : all;
    },
    names: () => [...new Set([...here.keys(), ...elsewhere.all().flatMap(keysOf)])],
    unread: (name) => elsewhere.unread(keyOf(name)),
  };
}

function indexOf(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const index = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const key of keysOf(rule)) index.set(key, [...(index.get(key) ?? []), rule]);
  }
  return index;
}

function keysOf({ name, id }: Rule): readonly string[] {
  return [...new Set([name, id].filter((key) => key !== undefined).map(keyOf))];
}

/** Names compare exactly, ids in any case. */
function keyOf(name: string): string {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(name) ? name.toLowerCase() : name;
}
