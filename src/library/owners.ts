import type { Plan } from '../plan/plan.ts';
import type { CorrelationRule, Rule } from '../rule/rule.ts';
import type { RuleSet } from '../rule/rule-set.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import type { RulePath } from './discover.ts';

/** A correlation that names a rule and doesn't give it a query of its own. */
export interface Owner {
  readonly title: string;
  readonly path: RulePath;
  /** The targets that the correlation is for. */
  readonly targets: readonly string[];
  /** Whether it has errors: of the rules of other files it then owns none. */
  readonly broken: boolean;
}

/** A correlation and what it means. */
export interface PlannedCorrelation {
  readonly rule: CorrelationRule;
  readonly path: RulePath;
  readonly plan: Plan | undefined;
  readonly targets: readonly string[];
}

/** The owners of rules; a rule to which any correlation gives a query of its own (`generate`) has none. */
export function ownersOf(
  correlations: readonly PlannedCorrelation[],
  set: RuleSet,
): ReadonlyMap<Rule, readonly Owner[]> {
  const owners = new Map<Rule, readonly Owner[]>();
  const own = new Set<Rule>();
  const inOrder = [...correlations].sort((a, b) => byCodePoint(a.path.path, b.path.path));
  for (const { rule, path, plan, targets } of inOrder) {
    const { title } = rule;
    for (const { name } of rule.rules) {
      const [part, other] = set.find(name, rule);
      if (part === undefined || other !== undefined) continue;
      const owner = { title, path, targets, broken: plan === undefined };
      if (rule.generate) own.add(part);
      else owners.set(part, [...(owners.get(part) ?? []), owner]);
    }
  }
  for (const rule of own) owners.delete(rule);
  return owners;
}
