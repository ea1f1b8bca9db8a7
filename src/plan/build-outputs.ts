import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import { resolveField } from '../logsource/resolve.ts';
import type { NamedField, Rule, RuleHead } from '../rule/rule.ts';
import type { Expression, Output, RuleFacts } from './event-plan.ts';
import { unknownField } from './unknown-field.ts';

/** What a rule's alerts show, in its order: what they are about, then details. */
export function outputsOf(
  rule: RuleHead,
): readonly (NamedField & { readonly role: Output['role'] })[] {
  const { entities, details } = rule.settings;
  return [
    ...entities.map((output) => ({ ...output, role: 'entity' as const })),
    ...details.map((output) => ({ ...output, role: 'detail' as const })),
  ];
}

/** The outputs of a rule over single events. */
export function buildOutputs(
  rule: Rule,
  source: LogSource,
  report: FindingReport,
): readonly Output[] {
  return outputsOf(rule).flatMap(({ role, name, field, span }): readonly Output[] => {
    const value = expressionOf(source, field);
    if (value !== undefined) return [{ role, name, value, span }];
    report(unknownField(source, field, span));
    return [];
  });
}

/** The value of a field or derived field. */
export function expressionOf(source: LogSource, name: string): Expression<Field> | undefined {
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

/** What a query's header says of a rule. */
export function factsOf(rule: RuleHead): RuleFacts {
  const { id, title, description, author, date, level, status, tags, span } = rule;
  const { references, falsePositives, settings } = rule;
  const { version } = settings;
  const about = { id, title, description, author, date, level, status, tags };
  return { ...about, references, falsePositives, version, span };
}
