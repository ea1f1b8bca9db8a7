import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { reportIn } from '../diagnostics/diagnostic.ts';
import { lintRule } from '../lint/lint.ts';
import { type Levels, settle, settleRule } from '../lint/settle.ts';
import type { Plan } from '../plan/plan.ts';
import type { FilterRule, Rule } from '../rule/rule.ts';

/** What is known of a rule that has been read and planned. */
interface Planned {
  readonly rule: Rule;
  readonly plan: Plan | undefined;
  /** The correlations that name it. */
  readonly owners: readonly unknown[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Lints rules and passes on all that was found in their files as the project and each rule want it: with the
 * project's severities, without what a rule ignores.
 */
export function lintUnits<Unit extends Planned>(
  units: readonly Unit[],
  filters: readonly FilterRule[],
  held: readonly Diagnostic[],
  levels: Levels,
  report: Report,
): readonly Unit[] {
  const byFile = groupBy(held);
  const ofRules = new Set<Diagnostic>();
  const judge = (rule: Rule, plan: Plan | undefined, isPart: boolean): readonly Diagnostic[] => {
    const found = (byFile.get(rule.file.path) ?? []).filter((one) => isIn(one, rule));
    for (const one of found) ofRules.add(one);
    const linted: Diagnostic[] = [];
    const add = reportIn(rule.file, (diagnostic) => linted.push(diagnostic));
    lintRule(rule, plan, { levels, isPart }, add);
    const settled = settleRule(rule, [...found, ...linted], levels);
    for (const one of settled) report(one);
    return settled;
  };
  const judged = units.map((unit) => {
    const own = judge(unit.rule, unit.plan, unit.owners.length > 0);
    // What a filter does to the rule is told where the filter stands.
    const others = unit.diagnostics.filter((one) => !isIn(one, unit.rule));
    return { ...unit, diagnostics: [...own, ...settled(others, levels)] };
  });
  for (const filter of filters) judge(filter, undefined, false);
  const rest = held.filter((one) => !ofRules.has(one));
  for (const one of settled(rest, levels)) report(one);
  return judged;
}

function settled(found: readonly Diagnostic[], levels: Levels): readonly Diagnostic[] {
  return found.flatMap((one) => settle(one, levels) ?? []);
}

function groupBy(found: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>();
  for (const one of found) {
    const group = groups.get(one.at.file.path);
    if (group === undefined) groups.set(one.at.file.path, [one]);
    else group.push(one);
  }
  return groups;
}

function isIn({ at }: Diagnostic, { file, span }: Rule): boolean {
  const { start } = at.span;
  return at.file.path === file.path && start >= span.start && start <= span.end;
}
