import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { CorrelationRule, FindingRule, Named } from '../rule/rule.ts';
import type { RuleSet } from '../rule/rule-set.ts';
import { positionIn } from '../text/source-file.ts';

/** How many correlations may be nested. */
const maxDepth = 20;

/** The rule that a correlation names; none and several are reported. */
export function findRule(
  { name, span }: Named,
  by: CorrelationRule,
  rules: RuleSet,
  report: FindingReport,
): FindingRule | undefined {
  const [rule, other] = rules.find(name, by);
  if (rule === undefined) {
    const [unread] = rules.unread(name);
    const hint =
      unread === undefined
        ? didYouMean(name, rules.names())
        : `It may be in ${unread}, which can't be read whole.`;
    const message = `There is no rule with the name or id "${name}".`;
    report({ code: 'correlation/unknown-rule', message, span, ...(hint && { hint }) });
    return undefined;
  }
  if (other !== undefined) {
    const message = `Several rules are called "${name}": one is at ${placeOf(rule)}, one at ${placeOf(other)}.`;
    report({ code: 'correlation/ambiguous-rule', message, span, hint: 'Name it by its id.' });
    return undefined;
  }
  return rule;
}

/** Whether a correlation can be planned: it mustn't take part in itself, nor nest too deep. */
export function checkNesting(
  rule: CorrelationRule,
  rules: RuleSet,
  report: FindingReport,
): boolean {
  for (const named of rule.rules) {
    const problem = nestingProblem(rule, named, rules);
    if (problem === undefined) continue;
    report({ ...problem, span: named.span });
    return false;
  }
  return true;
}

function nestingProblem(
  rule: CorrelationRule,
  named: Named,
  rules: RuleSet,
): { readonly code: string; readonly message: string } | undefined {
  let level = correlationsAmong([named], rule, rules);
  for (let depth = 1; level.size > 0; depth += 1) {
    if (level.has(rule)) {
      const message = `The correlation takes part in itself, by way of "${named.name}".`;
      return { code: 'correlation/cycle', message };
    }
    if (depth > maxDepth) {
      const message = `Correlations nest more than ${maxDepth} deep.`;
      return { code: 'correlation/too-deep', message };
    }
    const next = [...level].flatMap((inner) => [...correlationsAmong(inner.rules, inner, rules)]);
    level = new Set(next);
  }
  return undefined;
}

function correlationsAmong(
  names: readonly Named[],
  by: CorrelationRule,
  rules: RuleSet,
): ReadonlySet<CorrelationRule> {
  const found = names.flatMap(({ name }) => rules.find(name, by));
  return new Set(found.filter((rule) => rule.kind === 'correlation'));
}

function placeOf({ file, span }: FindingRule): string {
  return `${file.path}:${positionIn(file, span.start).line}`;
}
