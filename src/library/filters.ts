import { planFilter } from '../compile.ts';
import { type Finding, type Report, reportIn } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { DetectionRule, FilterRule, Named, Rule } from '../rule/rule.ts';
import { coversSource, isNamed, type RuleSet } from '../rule/rule-set.ts';

/** The rules of a project as filters need them. */
export interface FilteredRules {
  /** Those whose plans were made, and told. */
  readonly planned: readonly Rule[];
  /** At least all rules of a name or id. */
  mentioning(name: string): readonly Rule[];
  all(): readonly Rule[];
}

/** Checks filters by themselves and against the rules of a project: whether they narrow any rule at all. */
export function checkFilters(
  filters: readonly FilterRule[],
  rules: FilteredRules,
  set: RuleSet,
  catalog: Catalog,
  report: Report,
): void {
  for (const filter of filters) {
    // With a rule that it narrows it has been planned, and what is wrong was told.
    if (!rules.planned.some((rule) => isNarrowed(rule, filter, set)))
      planFilter(filter, report, catalog);
    if (checkNames(filter, rules, set, report)) checkUse(filter, rules, set, report);
  }
}

/** Whether the rules that a filter names are there and of its log source; what is wrong is told. */
export function checkNames(
  filter: FilterRule,
  rules: FilteredRules,
  set: RuleSet,
  report: Report,
): boolean {
  const named = filter.rules === 'any' ? [] : filter.rules;
  const bad = named.flatMap((one) => problemOf(one, filter, rules, set) ?? []);
  for (const finding of bad) reportIn(filter.file, report)(finding);
  return bad.length === 0;
}

function checkUse(filter: FilterRule, rules: FilteredRules, set: RuleSet, report: Report): void {
  if (rules.all().some((rule) => isNarrowed(rule, filter, set))) return;
  const message = 'The filter narrows no rule: none of the project is of its log source.';
  const { span } = filter.logsource;
  reportIn(filter.file, report)({ code: 'filter/unused', severity: 'warning', message, span });
}

function isNarrowed(rule: Rule, filter: FilterRule, set: RuleSet): boolean {
  return rule.kind === 'detection' && set.filtersOf(rule).includes(filter);
}

function problemOf(
  { name, span }: Named,
  filter: FilterRule,
  rules: FilteredRules,
  set: RuleSet,
): Finding | undefined {
  const named = rules
    .mentioning(name)
    .filter((rule) => isNamed(rule, name) && rule.kind !== 'filter');
  const detections = named.filter((rule): rule is DetectionRule => rule.kind === 'detection');
  if (named.length === 0) {
    const hint = didYouMean(name, set.names());
    const message = `There is no rule with the name or id "${name}".`;
    return { code: 'filter/unknown-rule', message, span, ...(hint && { hint }) };
  }
  if (detections.length === 0) {
    const message = `"${name}" is a correlation: filters narrow rules over single events.`;
    const hint = 'Name the rules that take part in it.';
    return { code: 'filter/correlation', message, span, hint };
  }
  if (detections.some((rule) => coversSource(filter, rule))) return undefined;
  const message = `"${name}" is of another log source than the filter, which leaves it as it is.`;
  return { code: 'filter/log-source', message, span };
}
