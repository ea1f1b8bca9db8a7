import type { Condition } from '../condition/ast.ts';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { resolveField } from '../logsource/resolve.ts';
import { selected } from '../rule/read-conditions.ts';
import type { Rule, SelectionBody } from '../rule/rule.ts';
import type { Span } from '../text/span.ts';
import { buildItem } from './build-item.ts';
import { always, normalize } from './normalize.ts';
import type { EventPlan, Expression, Output, RuleFacts } from './plan.ts';
import type { FieldTest, Predicate } from './predicate.ts';
import { unknownField } from './unknown-field.ts';

/** What a rule means over a log source; problems are reported, and then there is no plan. */
export function buildPlan(
  rule: Rule,
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
  return failed ? undefined : { kind: 'event', rule: factsOf(rule), source, where, outputs };
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

function buildOutputs(rule: Rule, source: LogSource, report: FindingReport): readonly Output[] {
  const { entities, details } = rule.settings;
  const build =
    (role: 'entity' | 'detail') =>
    ({ name, field, span }: { name: string; field: string; span: Span }): Output[] => {
      const value = expressionOf(source, field);
      if (value !== undefined) return [{ role, name, value, span }];
      report(unknownField(source, field, span));
      return [];
    };
  return [...entities.flatMap(build('entity')), ...details.flatMap(build('detail'))];
}

function expressionOf(source: LogSource, name: string): Expression<Field> | undefined {
  const derivation = source.derived.get(name);
  if (derivation === undefined) {
    const field = resolveField(source, name);
    return field && { kind: 'field', field };
  }
  const of = derivation.of
    .map((part) => expressionOf(source, part))
    .filter((part) => part !== undefined);
  return { kind: 'coalesce', of };
}

function factsOf(rule: Rule): RuleFacts {
  const { id, title, description, author, date, level, status, tags, references, span } = rule;
  const { version } = rule.settings;
  return { id, title, description, author, date, level, status, tags, references, version, span };
}
