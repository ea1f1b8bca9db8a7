import { planFilter } from '../compile.ts';
import { type Report, reportIn } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { DetectionRule, FilterRule, Named, Rule } from '../rule/rule.ts';
import { coversSource, isNamed, type RuleSet } from '../rule/rule-set.ts';

/**
 * Checks filters by themselves and against the rules of a project: that the rules they name are there and of
 * their log source, and that they narrow any rule at all.
 */
export function checkFilters(
  filters: readonly FilterRule[],
  rules: () => readonly Rule[],
  set: RuleSet,
  catalog: Catalog,
  report: Report,
): void {
  for (const filter of filters) {
    planFilter(filter, report, catalog);
    const found = reportIn(filter.file, report);
    const detections = rules().filter((rule) => rule.kind === 'detection');
    const narrowed = detections.filter((rule) => set.filtersOf(rule).includes(filter));
    if (filter.rules !== 'any') {
      const bad = filter.rules.flatMap((named) => problemOf(named, filter, rules(), set) ?? []);
      for (const finding of bad) found(finding);
      if (bad.length > 0) continue;
    }
    if (narrowed.length > 0) continue;
    const message = 'The filter narrows no rule: none of the project is of its log source.';
    found({ code: 'filter/unused', severity: 'warning', message, span: filter.logsource.span });
  }
}

function problemOf(
  { name, span }: Named,
  filter: FilterRule,
  rules: readonly Rule[],
  set: RuleSet,
): Parameters<ReturnType<typeof reportIn>>[0] | undefined {
  const named = rules.filter((rule) => isNamed(rule, name) && rule.kind !== 'filter');
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
