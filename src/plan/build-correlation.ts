import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { CorrelationRule, Named, Rule } from '../rule/rule.ts';
import { buildCorrelationTest } from './build-correlation-test.ts';
import { buildMember, isCalled, type NamedPlan } from './build-member.ts';
import { factsOf, outputsOf } from './build-outputs.ts';
import { buildSuppression } from './build-suppression.ts';
import type { CorrelationPlan, Member } from './correlation.ts';
import { areDisjoint } from './disjoint.ts';
import type { Plan } from './plan.ts';
import { sourcesOf } from './sources-of.ts';

/** Finds a rule that a correlation names, and its plan; what is wrong with the name is reported. */
export type FindPlan = (name: Named, report: FindingReport) => NamedPlan | undefined;

/** What a correlation rule means; problems are reported, and then there is no plan. */
export function buildCorrelation(
  rule: CorrelationRule,
  find: FindPlan,
  report: FindingReport,
): CorrelationPlan | undefined {
  let failed = rule.broken;
  const told = new Set<string>();
  const noted: FindingReport = (finding) => {
    if ((finding.severity ?? 'error') === 'error') failed = true;
    // Each member may find the same.
    const key = `${finding.code} ${finding.span.start} ${finding.message}`;
    if (!told.has(key)) report(finding);
    told.add(key);
  };
  const named = rule.rules.flatMap((name) => find(name, noted) ?? []);
  checkNames(rule, named, noted);
  const [first, ...others] = distinctSources(named);
  if (first === undefined || named.length < rule.rules.length) return undefined;
  const fold = [first, ...others].some(({ foldsCase }) => foldsCase);
  checkSize(rule, named, noted);
  if (failed) return undefined;
  const members = named.map((one) => buildMember(rule, one, noted));
  const condition = buildCorrelationTest(rule, named, fold, noted);
  const outputs = outputsOf(rule).map(({ role, name, span }) => ({ role, name, span }));
  const suppress = buildSuppression(rule, rule.groupBy, noted);
  checkOutputs(rule, members, noted);
  warnUnusedAliases(rule, noted);
  if (failed || condition === undefined) return undefined;
  return {
    kind: 'correlation',
    rule: factsOf(rule),
    sources: [first, ...others],
    type: rule.type,
    members,
    groupBy: rule.groupBy.map(({ name, span }) => ({ name, fold, span })),
    window: rule.timespan.milliseconds,
    condition,
    outputs,
    schedule: rule.settings.schedule,
    suppress,
    approximate: approximationsOf(rule),
    spans: { type: rule.typeSpan, window: rule.timespan.span, condition: rule.conditionSpan },
    disjoint: areDisjoint(members),
  };
}

/** A group-by field's name stands for the group's value; what no member knows can't be shown. */
function checkOutputs(
  rule: CorrelationRule,
  members: readonly Member[],
  report: FindingReport,
): void {
  for (const [index, { name, field, span }] of outputsOf(rule).entries()) {
    if (members.every(({ outputs }) => outputs[index] === undefined)) {
      const message = `Of the hits of correlations only what they group by is known, and "${field}" isn't among that.`;
      report({ code: 'correlation/nested-field', message, span });
    }
    if (name === field || !rule.groupBy.some((key) => key.name === name)) continue;
    const message = `"${name}" is what the correlation groups by, and can't be the name of "${field}".`;
    report({ code: 'correlation/output-name', message, span });
  }
}

/** How many rules may take part, those of nested correlations counted each time. */
const maxMembers = 1_000;

function checkSize(
  rule: CorrelationRule,
  named: readonly NamedPlan[],
  report: FindingReport,
): void {
  const size = named.reduce((sum, { plan }) => sum + sizeOf(plan), 0);
  if (size <= maxMembers) return;
  const limit = maxMembers.toLocaleString('en-US');
  const message = `More than ${limit} rules take part in the correlation, those of nested ones counted each time.`;
  report({ code: 'correlation/too-large', message, span: rule.typeSpan });
}

function sizeOf(plan: Plan): number {
  if (plan.kind === 'event') return 1;
  return plan.members.reduce((sum, member) => sum + sizeOf(member.plan), 1);
}

/** Each rule is named once, and an alias speaks of rules that take part. */
function checkNames(
  { aliases, rules }: CorrelationRule,
  named: readonly NamedPlan[],
  report: FindingReport,
): void {
  const before = new Map<Rule, Named>();
  for (const { name, rule } of named) {
    const other = before.get(rule);
    before.set(rule, name);
    if (other === undefined) continue;
    const message = `"${other.name}" and "${name.name}" are the same rule.`;
    report({ code: 'correlation/same-rule', message, span: name.span });
  }
  for (const { rule } of aliases.flatMap(({ fields }) => fields)) {
    if (named.some((one) => isCalled(one, rule.name)) || named.length < rules.length) continue;
    const message = `The rule "${rule.name}" takes no part in the correlation.`;
    const names = rules.map(({ name }) => `"${name}"`).join(', ');
    const hint = `The rules are ${names}.`;
    report({ code: 'correlation/alias', message, span: rule.span, hint });
  }
}

/** An alias that nothing names may be a misspelt one. */
function warnUnusedAliases(rule: CorrelationRule, report: FindingReport): void {
  const counted = rule.condition?.kind === 'number' ? rule.condition.fields : [];
  const used = new Set([
    ...[...rule.groupBy, ...counted].map(({ name }) => name),
    ...outputsOf(rule).map(({ field }) => field),
  ]);
  for (const { name, span } of rule.aliases.filter((alias) => !used.has(alias.name))) {
    const message = `Nothing names the alias "${name}".`;
    report({ code: 'correlation/unused-alias', severity: 'warning', message, span });
  }
}

function distinctSources(named: readonly NamedPlan[]): readonly LogSource[] {
  const all = named.flatMap(({ plan }) => sourcesOf(plan));
  return [...new Map(all.map((source) => [source.name, source])).values()];
}

function approximationsOf({ settings }: CorrelationRule): CorrelationPlan['approximate'] {
  const byTarget = new Map<string, { code: string; span: Named['span'] }[]>();
  for (const { target, code, span } of settings.approximate) {
    byTarget.set(target, [...(byTarget.get(target) ?? []), { code, span }]);
  }
  return byTarget;
}
