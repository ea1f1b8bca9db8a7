import type { Field } from '../logsource/field.ts';
import type { NamedList } from '../match/list.ts';
import type { Test } from '../match/test.ts';
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
    pair: ({ field, other }) => void byName.set(field.name, field).set(other.name, other),
    element: ({ array, where }) => {
      for (const field of fieldsOf(where)) {
        const steps = [...array.steps, ...field.steps];
        byName.set(field.name, { ...field, steps, many: true });
      }
    },
    keyword: () => {},
  });
  return [...byName.values()];
}

/** The fields of a log source's records that a plan's hits depend on; of its only one, if none is named. */
export function fieldsRead(plan: Plan, source?: string): readonly Field[] {
  if (plan.kind === 'event') {
    return source === undefined || plan.source.name === source ? fieldsOf(plan.where) : [];
  }
  const byName = new Map<string, Field>();
  for (const member of plan.members) {
    for (const field of fieldsRead(member.plan, source)) byName.set(field.name, field);
    if (member.kind === 'nested') continue;
    if (source !== undefined && member.plan.source.name !== source) continue;
    for (const expression of [...member.keys, ...member.values])
      for (const field of fieldsIn(expression)) byName.set(field.name, field);
  }
  return [...byName.values()];
}

/** The fields of an expression, in its order. */
export function fieldsIn(expression: Expression<Field>): readonly Field[] {
  return expression.kind === 'field' ? [expression.field] : expression.of.flatMap(fieldsIn);
}

/** The named lists that a plan looks in, each once. */
export function listsIn(plan: Plan): readonly NamedList[] {
  const lists = new Map<string, NamedList>();
  for (const test of testsIn(plan))
    if (test.kind === 'in-list') lists.set(test.list.name, test.list);
  return [...lists.values()];
}

/** Whether a plan asks when an event happened. */
export function asksTime(plan: Plan): boolean {
  return testsIn(plan).some(({ kind }) => kind === 'time');
}

/** All tests of fields in a plan. */
function testsIn(plan: Plan): readonly Test[] {
  if (plan.kind === 'event') return testsOf(plan.where);
  return plan.members.flatMap((member) => testsIn(member.plan));
}

function testsOf(where: Predicate): readonly Test[] {
  return foldPredicate<readonly Test[]>(where, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ test }) => [test],
    pair: () => [],
    element: ({ where: inner }) => testsOf(inner),
    keyword: () => [],
  });
}
