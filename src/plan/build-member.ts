import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Field } from '../logsource/field.ts';
import type { CorrelationRule, Named, Rule } from '../rule/rule.ts';
import { expressionOf, outputsOf } from './build-outputs.ts';
import type { CorrelationPlan, Member } from './correlation.ts';
import type { EventPlan, Expression } from './event-plan.ts';
import type { Plan } from './plan.ts';
import { relocate } from './relocate.ts';
import { unknownField } from './unknown-field.ts';

/** A rule as a correlation calls it, and what it means. */
export interface NamedPlan {
  readonly name: Named;
  readonly rule: Rule;
  readonly plan: Plan;
}

/** Whether a rule that takes part goes by a name: as the correlation lists it, its own, or its id. */
export function isCalled({ name: listed, rule }: NamedPlan, name: string): boolean {
  return name === listed.name || name === rule.name || name.toLowerCase() === rule.id;
}

/** A rule that takes part, with its own fields for the names that the correlation uses. */
export function buildMember(
  rule: CorrelationRule,
  named: NamedPlan,
  report: FindingReport,
): Member {
  const { name, plan } = named;
  const counted = rule.condition?.kind === 'number' ? rule.condition.fields : [];
  const fieldFor = (field: Named): readonly Named[] => aliased(rule, field, named, report);
  const outputs = outputsOf(rule).flatMap(({ field, span }) => fieldFor({ name: field, span }));
  const [keys, values] = [rule.groupBy.flatMap(fieldFor), counted.flatMap(fieldFor)];
  const common = { name: name.name, span: name.span };
  if (plan.kind === 'event') {
    const read = (field: Named): Expression<Field> => expression(plan, field, report);
    return {
      kind: 'event',
      ...common,
      plan: relocate(plan, name.span),
      keys: keys.map(read),
      values: values.map(read),
      outputs: outputs.map(read),
    };
  }
  const find = (field: Named): number => keyIndex(plan, field, report);
  return {
    kind: 'nested',
    ...common,
    plan: { ...plan, suppress: undefined },
    keys: keys.map(find),
    values: values.map(find),
    outputs: outputs.map((field) => knownKey(plan, field)),
  };
}

/** The field that an alias stands for in one rule, if it says so; any other name is a field's own. */
function aliased(
  { aliases }: CorrelationRule,
  field: Named,
  named: NamedPlan,
  report: FindingReport,
): readonly Named[] {
  const alias = aliases.find((one) => one.name === field.name);
  if (alias === undefined) return [field];
  const own = alias.fields.find(({ rule }) => isCalled(named, rule.name));
  if (own !== undefined) return [own.field];
  const message = `The alias "${alias.name}" doesn't say which field it is in "${named.name.name}".`;
  report({ code: 'correlation/alias', message, span: alias.span });
  return [];
}

function expression(
  { source }: EventPlan,
  { name, span }: Named,
  report: FindingReport,
): Expression<Field> {
  const found = expressionOf(source, name);
  if (found === undefined) report(unknownField(source, name, span));
  return found ?? { kind: 'coalesce', of: [] };
}

/** Of the hits of a correlation only their groups are known. */
function keyIndex(plan: CorrelationPlan, field: Named, report: FindingReport): number {
  const index = knownKey(plan, field);
  if (index !== undefined) return index;
  const known = plan.groupBy.map(({ name }) => name);
  report({
    code: 'correlation/nested-field',
    message: `"${plan.rule.title}" is a correlation: of its hits only what it groups by is known, and "${field.name}" isn't among that.`,
    span: field.span,
    hint:
      didYouMean(field.name, known) ??
      (known.length === 0 ? 'Give it a group-by.' : `It groups by ${known.join(', ')}.`),
  });
  return 0;
}

function knownKey({ groupBy }: CorrelationPlan, { name }: Named): number | undefined {
  const index = groupBy.findIndex((key) => key.name === name);
  return index === -1 ? undefined : index;
}
