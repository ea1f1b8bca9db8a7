import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Rule } from '../rule/rule.ts';
import { lintAttackTags } from './attack-tags.ts';
import { lintBroad } from './broad.ts';
import { lintEscapes } from './escapes.ts';
import { lintFilter } from './filter.ts';
import { valueLists } from './items.ts';
import { lintNegatedLists } from './negated-lists.ts';
import { lintNeverThere } from './never-there.ts';
import { lintReach } from './reach.ts';
import { lintRegexes } from './regexes.ts';
import { type Levels, levelOf, ownSeverity } from './settle.ts';
import { lintValues } from './values.ts';

/** What is known of a rule beside itself. */
export interface LintContext {
  /** The levels that the project gives. */
  readonly levels: Levels;
  /** Whether correlations name the rule: what is broad by itself may be a good part. */
  readonly isPart: boolean;
}

/** Tells what in a rule is right by the letter and probably not meant. */
export function lintRule(
  rule: Rule,
  plan: Plan | undefined,
  { levels, isPart }: LintContext,
  report: FindingReport,
): void {
  const found: FindingReport = (finding) => {
    // What the project makes of it comes last: a rule can ignore what is no error of itself.
    if (levelOf(finding.code, levels) !== 'off') {
      report({ ...finding, severity: ownSeverity(finding.code) });
    }
  };
  lintAttackTags(rule, found);
  if (plan !== undefined) lintNeverThere(plan, found);
  if (rule.kind === 'correlation') return;
  for (const list of valueLists(rule.selections)) {
    lintValues(list, found);
    lintRegexes(list, found);
    lintEscapes(list, found);
  }
  if (rule.kind === 'filter') lintFilter(rule, found);
  if (rule.kind !== 'detection' || plan?.kind !== 'event') return;
  const isOpen = lintReach(plan, rule.selections, found);
  lintNegatedLists(plan, found);
  if (isOpen && !isPart) lintBroad(plan, found);
}
