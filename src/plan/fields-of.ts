import type { Field } from '../logsource/field.ts';
import type { Expression } from './event-plan.ts';
import { foldPredicate } from './fold.ts';
import type { Plan } from './plan.ts';
import type { Predicate } from './predicate.ts';

/** The fields that a predicate reads, each once, in its order. */
function fieldsOf(predicate: Predicate): readonly Field[] {
  const byName = new Map<string, Field>();
  foldPredicate<void>(predicate, {
    all: () => {},
    any: () => {},
    not: () => {},
    field: ({ field }) => void byName.set(field.name, field),
    keyword: () => {},
  });
  return [...byName.values()];
}

/** The fields that a plan's hits depend on. */
export function fieldsRead(plan: Plan): readonly Field[] {
  if (plan.kind === 'event') return fieldsOf(plan.where);
  const byName = new Map<string, Field>();
  for (const member of plan.members) {
    for (const field of fieldsRead(member.plan)) byName.set(field.name, field);
    if (member.kind === 'nested') continue;
    for (const expression of [...member.keys, ...member.values])
      for (const field of fieldsIn(expression)) byName.set(field.name, field);
  }
  return [...byName.values()];
}

/** The fields of an expression, in its order. */
export function fieldsIn(expression: Expression<Field>): readonly Field[] {
  return expression.kind === 'field' ? [expression.field] : expression.of.flatMap(fieldsIn);
}
