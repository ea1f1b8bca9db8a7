import type { Condition } from '../condition/ast.ts';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { selected } from '../rule/read-conditions.ts';
import type { DetectionRule, SelectionBody } from '../rule/rule.ts';
import { buildItem } from './build-item.ts';
import { buildOutputs, factsOf } from './build-outputs.ts';
import type { EventPlan } from './event-plan.ts';
import { always, normalize } from './normalize.ts';
import type { FieldTest, Predicate } from './predicate.ts';

/** What a rule means over a log source; problems are reported, and then there is no plan. */
export function buildPlan(
  rule: DetectionRule,
  source: LogSource,
  report: FindingReport,
): EventPlan | undefined {
  let failed = rule.broken;
  const noted: FindingReport = (finding) => {
    if ((finding.severity ?? 'error') === 'error') failed = true;
    report(finding);
  };
  const selections = new Map<string, Predicate>();
  for (const { name, body } of rule.selections) {
    selections.set(name, buildBody(body, source, noted));
  }
  const conditions = rule.conditions.map((condition) => buildCondition(condition, selections));
  const where = normalize<FieldTest>({ kind: 'any', of: conditions });
  const outputs = buildOutputs(rule, source, noted);
  const { schedule } = rule.settings;
  return failed
    ? undefined
    : { kind: 'event', rule: factsOf(rule), source, where, outputs, schedule };
}

function buildBody(body: SelectionBody, source: LogSource, report: FindingReport): Predicate {
  if (body.kind === 'any-of') {
    return { kind: 'any', of: body.of.map((part) => buildBody(part, source, report)) };
  }
  return { kind: 'all', of: body.items.map((item) => buildItem(item, source, report)) };
}

function buildCondition(node: Condition, selections: ReadonlyMap<string, Predicate>): Predicate {
  switch (node.kind) {
    case 'and':
      return { kind: 'all', of: node.of.map((part) => buildCondition(part, selections)) };
    case 'or':
      return { kind: 'any', of: node.of.map((part) => buildCondition(part, selections)) };
    case 'not':
      return { kind: 'not', of: buildCondition(node.of, selections) };
    case 'selection':
      return selections.get(node.name) ?? always;
    case 'quantified': {
      const of = selected(node.pattern, [...selections.keys()]).map(
        (name) => selections.get(name) ?? always,
      );
      return { kind: node.quantifier, of };
    }
  }
}
