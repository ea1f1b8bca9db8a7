import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { CorrelationRule, Named } from '../rule/rule.ts';
import { buildCorrelationTest } from './build-correlation-test.ts';
import { buildMember, type NamedPlan } from './build-member.ts';
import { factsOf, outputsOf } from './build-outputs.ts';
import type { CorrelationPlan, Member } from './correlation.ts';
import { areDisjoint } from './disjoint.ts';
import type { Plan } from './plan.ts';

/** Finds a rule that a correlation names, and its plan; what is wrong with the name is reported. */
export type FindPlan = (name: Named, report: FindingReport) => NamedPlan | undefined;

/** What a correlation rule means; problems are reported, and then there is no plan. */
export function buildCorrelation(
  rule: CorrelationRule,
  find: FindPlan,
  report: FindingReport,
): CorrelationPlan | undefined {
  let failed = rule.broken;
  const noted: FindingReport = (finding) => {
    if ((finding.severity ?? 'error') === 'error') failed = true;
    report(finding);
  };
  const named = rule.rules.flatMap((name) => find(name, noted) ?? []);
  checkNames(rule, named, noted);
  const [first] = named;
  const source = first?.plan.source;
  if (source === undefined || named.length < rule.rules.length) return undefined;
  for (const { name, plan } of named) checkSource(name, plan, source, noted);
  if (failed) return undefined;
  const members = named.map((one) => buildMember(rule, one, noted));
  const condition = buildCorrelationTest(rule, source, noted);
  const outputs = outputsOf(rule).map(({ role, name, span }) => ({ role, name, span }));
  checkOutputs(rule, noted);
  if (failed || condition === undefined) return undefined;
  return {
    kind: 'correlation',
    rule: factsOf(rule),
    source,
    type: rule.type,
    members,
    groupBy: rule.groupBy.map(({ name, span }) => ({ name, fold: source.foldsCase, span })),
    window: rule.timespan.milliseconds,
    condition,
    outputs,
    schedule: rule.settings.schedule,
    approximate: approximationsOf(rule),
    spans: { type: rule.typeSpan, window: rule.timespan.span, condition: rule.conditionSpan },
    disjoint: members.every((member, index) =>
      members.slice(index + 1).every((other) => cannotShare(member, other)),
    ),
  };
}

/** A group-by field's name stands for the group's value. */
function checkOutputs(rule: CorrelationRule, report: FindingReport): void {
  for (const { name, field, span } of outputsOf(rule)) {
    if (name === field || !rule.groupBy.some((key) => key.name === name)) continue;
    const message = `"${name}" is what the correlation groups by, and can't be the name of "${field}".`;
    report({ code: 'correlation/output-name', message, span });
  }
}

function cannotShare(a: Member, b: Member): boolean {
  return a.kind === 'event' && b.kind === 'event' && areDisjoint(a.plan, b.plan);
}

/** Each rule is named once, and an alias speaks of rules that take part. */
function checkNames(
  { aliases, rules }: CorrelationRule,
  named: readonly NamedPlan[],
  report: FindingReport,
): void {
  for (const [index, { name, rule }] of named.entries()) {
    const before = named.slice(0, index).find((other) => other.rule === rule);
    if (before === undefined) continue;
    const message = `"${before.name.name}" and "${name.name}" are the same rule.`;
    report({ code: 'correlation/same-rule', message, span: name.span });
  }
  for (const { rule } of aliases.flatMap(({ fields }) => fields)) {
    const known = named.some(
      ({ name, plan }) => rule.name === name.name || rule.name.toLowerCase() === plan.rule.id,
    );
    if (known || named.length < rules.length) continue;
    const message = `The rule "${rule.name}" takes no part in the correlation.`;
    const names = rules.map(({ name }) => `"${name}"`).join(', ');
    const hint = `The rules are ${names}.`;
    report({ code: 'correlation/alias', message, span: rule.span, hint });
  }
}

/** The events of one correlation are of one log. */
function checkSource(name: Named, plan: Plan, source: LogSource, report: FindingReport): void {
  if (plan.source.name === source.name) return;
  report({
    code: 'correlation/log-sources',
    message: `"${name.name}" reads ${plan.source.title}, and the rules before it read ${source.title}: a correlation's events are of one log source.`,
    span: name.span,
  });
}

function approximationsOf({ settings }: CorrelationRule): CorrelationPlan['approximate'] {
  const byTarget = new Map<string, { code: string; span: Named['span'] }[]>();
  for (const { target, code, span } of settings.approximate) {
    byTarget.set(target, [...(byTarget.get(target) ?? []), { code, span }]);
  }
  return byTarget;
}
