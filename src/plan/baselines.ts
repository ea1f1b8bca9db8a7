import type { Field } from '../logsource/field.ts';
import type { NamedList } from '../match/list.ts';
import type { Span } from '../text/span.ts';
import type { EventPlan, Expression } from './event-plan.ts';
import { never, normalize } from './normalize.ts';
import type { FieldTest, Predicate } from './predicate.ts';

/** A list that a rule leaves out the usual by, and what tells what is usual. */
export interface Baseline {
  readonly list: NamedList;
  /** The rule without the test: its events are those that the list is to be made of. */
  readonly plan: EventPlan;
  /** What stands in the list. */
  readonly value: Expression<Field>;
  /** Where the rule asks the list. */
  readonly span: Span;
}

/**
 * The lists that stand negated in a rule, each with the fields whose values are looked for in it: those of a
 * derived field are one value. Tests of one element of an array aren't among them.
 */
export function baselinesOf(plan: EventPlan): readonly Baseline[] {
  const groups = new Map<string, [FieldTest, ...FieldTest[]]>();
  for (const asked of together(negatedTests(plan.where, false))) {
    const key = JSON.stringify([nameOf(asked[0]), fieldsOf(asked).map(({ name }) => name)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [...asked]);
    else group.push(...asked);
  }
  return [...groups.values()].flatMap((tests): readonly Baseline[] => {
    const [{ test, span }] = tests;
    if (test.kind !== 'in-list') return [];
    const fields = fieldsOf(tests).map((field) => ({ kind: 'field', field }) as const);
    const [only] = fields;
    const value =
      fields.length === 1 && only !== undefined
        ? only
        : ({ kind: 'coalesce', of: fields } as const);
    const where = normalize(without(plan.where, new Set<Predicate>(tests)));
    const bare = { ...plan, where, outputs: [], schedule: undefined };
    return [{ list: test.list, plan: bare, value, span }];
  });
}

/** The tests of lists that make a rule not hold. */
function negatedTests(node: Predicate, negated: boolean): readonly FieldTest[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.of.flatMap((part) => negatedTests(part, negated));
    case 'not':
      return negatedTests(node.of, !negated);
    case 'field':
      return negated && node.test.kind === 'in-list' ? [node] : [];
    default:
      return [];
  }
}

/** Tests that are one in the rule: of a derived field there is one for each of its fields. */
function together(tests: readonly FieldTest[]): readonly (readonly [FieldTest, ...FieldTest[]])[] {
  const groups = new Map<string, [FieldTest, ...FieldTest[]]>();
  for (const test of tests) {
    const { start, end, file } = test.span;
    const key = JSON.stringify([nameOf(test), start, end, file?.path]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [test]);
    else group.push(test);
  }
  return [...groups.values()];
}

function nameOf({ test }: FieldTest): string {
  return test.kind === 'in-list' ? test.list.name : '';
}

function fieldsOf(tests: readonly FieldTest[]): readonly Field[] {
  return [...new Map(tests.map(({ field }) => [field.name, field])).values()];
}

/** What remains if no value is in the list. */
function without(node: Predicate, tests: ReadonlySet<Predicate>): Predicate {
  switch (node.kind) {
    case 'all':
    case 'any':
      return { kind: node.kind, of: node.of.map((part) => without(part, tests)) };
    case 'not':
      return { kind: 'not', of: without(node.of, tests) };
    default:
      return tests.has(node) ? never : node;
  }
}
