import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Named, Rule } from '../rule/rule.ts';
import type { RuleSet } from '../rule/rule-set.ts';
import { positionIn } from '../text/source-file.ts';

/** How many correlations may be nested. */
const maxDepth = 20;

/**
 * The rule that a correlation names, which is the last of `path`: the correlations on the way to it. None,
 * several, and one that names its way back are reported.
 */
export function findRule(
  { name, span }: Named,
  path: readonly Rule[],
  rules: RuleSet,
  report: FindingReport,
): Rule | undefined {
  const by = path.at(-1);
  const [rule, other] = by === undefined ? [] : rules.find(name, by);
  if (rule === undefined) {
    const hint = didYouMean(name, rules.names());
    const message = `There is no rule with the name or id "${name}".`;
    report({ code: 'correlation/unknown-rule', message, span, ...(hint && { hint }) });
    return undefined;
  }
  if (other !== undefined) {
    const message = `Several rules are called "${name}": one is at ${placeOf(rule)}, one at ${placeOf(other)}.`;
    report({ code: 'correlation/ambiguous-rule', message, span, hint: 'Name it by its id.' });
    return undefined;
  }
  if (path.includes(rule) || path.length > maxDepth) {
    const message = path.includes(rule)
      ? `The correlation takes part in itself, by way of "${name}".`
      : `Correlations nest more than ${maxDepth} deep.`;
    report({ code: 'correlation/cycle', message, span });
    return undefined;
  }
  return rule;
}

function placeOf({ file, span }: Rule): string {
  return `${file.path}:${positionIn(file, span.start).line}`;
}
