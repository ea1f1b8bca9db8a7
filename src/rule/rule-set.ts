import { byCodePoint } from '../text/by-code-point.ts';
import type { DetectionRule, FilterRule, FindingRule, Rule } from './rule.ts';

/** The rules that correlations may name, and what narrows them. */
export interface RuleSet {
  /** Rules of a name or id, as one rule means them: those of its own file before all others. */
  find(name: string, by: Rule): readonly FindingRule[];
  /** The filters that narrow a rule, in an order of their own. */
  filtersOf(rule: DetectionRule): readonly FilterRule[];
  /** Files that may hold filters and can't be read whole. */
  unreadFilters(): readonly string[];
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
  filters(): readonly FilterRule[];
  unreadFilters(): readonly string[];
  unread(name: string): readonly string[];
}

const nowhere: Elsewhere = {
  mentioning: () => [],
  all: () => [],
  filters: () => [],
  unreadFilters: () => [],
  unread: () => [],
};

/** A set of rules, and more of them elsewhere. */
export function ruleSet(rules: readonly Rule[], elsewhere: Elsewhere = nowhere): RuleSet {
  const here = indexOf(rules.filter(findsEvents));
  const found = new Map<string, readonly FindingRule[]>();
  let filters: readonly FilterRule[] | undefined;
  let unreadFilters: readonly string[] | undefined;
  const everywhere = (name: string): readonly FindingRule[] => {
    const key = keyOf(name);
    const more = elsewhere
      .mentioning(key)
      .filter(findsEvents)
      .filter((rule) => keysOf(rule).includes(key));
    return [...(here.get(key) ?? []), ...more];
  };
  return {
    find(name, by) {
      const all = found.get(name) ?? everywhere(name);
      found.set(name, all);
      const own = all.filter(({ file }) => file === by.file);
      return own.length > 0 ? own : all;
    },
    filtersOf(rule) {
      filters ??= inOrder([...rules.filter(isFilter), ...elsewhere.filters()]);
      return filters.filter((filter) => narrows(filter, rule));
    },
    unreadFilters() {
      unreadFilters ??= elsewhere.unreadFilters();
      return unreadFilters;
    },
    names: () => [
      ...new Set([...here.keys(), ...elsewhere.all().filter(findsEvents).flatMap(keysOf)]),
    ],
    unread: (name) => elsewhere.unread(keyOf(name)),
  };
}

function indexOf(rules: readonly FindingRule[]): ReadonlyMap<string, readonly FindingRule[]> {
  const index = new Map<string, FindingRule[]>();
  for (const rule of rules) {
    for (const key of keysOf(rule)) index.set(key, [...(index.get(key) ?? []), rule]);
  }
  return index;
}

function findsEvents(rule: Rule): rule is FindingRule {
  return rule.kind !== 'filter';
}

function isFilter(rule: Rule): rule is FilterRule {
  return rule.kind === 'filter';
}

/** By title, then by what their files say: not by where these are, nor by the order in which they were read. */
function inOrder(filters: readonly FilterRule[]): readonly FilterRule[] {
  return [...filters].sort(
    (a, b) =>
      byCodePoint(a.title, b.title) ||
      byCodePoint(a.file.text, b.file.text) ||
      a.span.start - b.span.start,
  );
}

/**
 * Whether a filter is meant for a rule: the rule is of its log source, and one of those that it names, if it names any.
 */
function narrows(filter: FilterRule, rule: DetectionRule): boolean {
  if (!coversSource(filter, rule)) return false;
  return filter.rules === 'any' || filter.rules.some(({ name }) => isNamed(rule, name));
}

/** Whether a rule goes by a name or id. */
export function isNamed(rule: Pick<Rule, 'id' | 'name'>, name: string): boolean {
  return keysOf(rule).includes(keyOf(name));
}

/** Whether a rule is of the log source of a filter: it says all that the filter says. */
export function coversSource({ logsource }: FilterRule, rule: DetectionRule): boolean {
  return (['category', 'product', 'service'] as const).every((key) => {
    const wanted = logsource[key]?.toLowerCase();
    return wanted === undefined || wanted === rule.logsource[key]?.toLowerCase();
  });
}

function keysOf({ name, id }: Pick<Rule, 'id' | 'name'>): readonly string[] {
  return [...new Set([name, id].filter((key) => key !== undefined).map(keyOf))];
}

/** Names compare exactly, ids in any case. */
function keyOf(name: string): string {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(name) ? name.toLowerCase() : name;
}
