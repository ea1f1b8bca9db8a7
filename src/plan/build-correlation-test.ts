import type { Condition } from '../condition/ast.ts';
import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { selected } from '../rule/read-conditions.ts';
import type { CorrelationRule, CorrelationTest } from '../rule/rule.ts';
import { leastCount, meets } from './bounds.ts';
import { isCalled, type NamedPlan } from './build-member.ts';
import type { Bound, CorrelationCondition, Presence, ValueField } from './correlation.ts';
import { isSatisfied } from './presence.ts';

/** What has to hold of a group's events within the window. */
export function buildCorrelationTest(
  rule: CorrelationRule,
  named: readonly NamedPlan[],
  fold: boolean,
  report: FindingReport,
): CorrelationCondition | undefined {
  const { type, condition } = rule;
  if (type === 'temporal_ordered') return { kind: 'ordered' };
  if (condition === undefined) return undefined;
  if (condition.kind === 'rules') {
    checkUse(rule, named, condition, report);
    const of = presenceOf(condition.of, named, condition, report);
    checkPresence(rule, of, report);
    return { kind: 'presence', of };
  }
  const { bounds, percentile } = condition;
  checkBounds(rule, bounds, report);
  const fields = condition.fields.map(({ name, span }) => ({ name, fold, span }));
  return conditionOf(rule, fields, bounds, percentile);
}

function conditionOf(
  { type, rules, typeSpan }: CorrelationRule,
  fields: readonly ValueField[],
  bounds: readonly Bound[],
  percentile: number | undefined,
): CorrelationCondition | undefined {
  const [field] = fields;
  switch (type) {
    case 'event_count':
      return { kind: 'count', bounds };
    case 'temporal': {
      const every: Bound = { order: 'gte', value: rules.length, span: typeSpan };
      return { kind: 'members', bounds: bounds.length === 0 ? [every] : bounds };
    }
    case 'value_count':
      return { kind: 'distinct', fields, bounds };
    case 'value_sum':
      return field && { kind: 'sum', fields: [field], bounds };
    case 'value_avg':
      return field && { kind: 'avg', fields: [field], bounds };
    case 'value_percentile':
    case 'value_median':
      return field && { kind: 'percentile', percentile: percentile ?? 50, fields: [field], bounds };
    case 'temporal_ordered':
      return { kind: 'ordered' };
  }
}

/** Every rule that is listed has a word in the condition. */
function checkUse(
  { rules }: CorrelationRule,
  named: readonly NamedPlan[],
  { of }: CorrelationTest & { kind: 'rules' },
  report: FindingReport,
): void {
  const used = namesIn(
    of,
    rules.map(({ name }) => name),
  );
  for (const one of named.filter((rule) => !used.some((name) => isCalled(rule, name)))) {
    const { name, span } = one.name;
    const message = `The condition doesn't use the rule "${name}".`;
    report({ code: 'correlation/unused-rule', message, span });
  }
}

function namesIn(node: Condition, names: readonly string[]): readonly string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of.flatMap((part) => namesIn(part, names));
    case 'not':
      return namesIn(node.of, names);
    case 'selection':
      return [node.name];
    case 'quantified':
      return selected(node.pattern, names);
  }
}

function presenceOf(
  node: Condition,
  named: readonly NamedPlan[],
  test: CorrelationTest & { kind: 'rules' },
  report: FindingReport,
): Presence {
  const names = named.map(({ name }) => name.name);
  const indexOf = (name: string): number => named.findIndex((one) => isCalled(one, name));
  const member = (name: string): Presence => ({ kind: 'member', index: indexOf(name) });
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, of: node.of.map((part) => presenceOf(part, named, test, report)) };
    case 'not':
      return { kind: 'not', of: presenceOf(node.of, named, test, report) };
    case 'selection':
      if (indexOf(node.name) === -1) {
        const message = `"rules" doesn't list "${node.name}".`;
        const hint = didYouMean(node.name, names);
        const span = test.place(node.span);
        report({ code: 'correlation/unknown-rule', message, span, ...(hint && { hint }) });
      }
      return member(node.name);
    case 'quantified': {
      const of = selected(node.pattern, names).map(member);
      if (of.length === 0) {
        const message = `The pattern "${node.pattern}" names none of the rules.`;
        const span = test.place(node.span);
        report({ code: 'correlation/unknown-rule', message, span });
      }
      return { kind: node.quantifier === 'all' ? 'and' : 'or', of };
    }
  }
}

/** Of more rules not every combination is tried. */
const mostRules = 12;

/** Conditions that hold never, or whatever finds something. */
function checkPresence(
  { rules, conditionSpan: span }: CorrelationRule,
  of: Presence,
  report: FindingReport,
): void {
  if (rules.length > mostRules) return;
  // Where a condition is looked at, at least one of the rules has found something.
  const verdicts = new Set<boolean>();
  for (let found = 1; found < 2 ** rules.length; found += 1)
    verdicts.add(isSatisfied(of, (index) => (found & (1 << index)) !== 0));
  if (verdicts.size > 1) return;
  if (verdicts.has(false))
    report({ code: 'correlation/never', message: 'The condition never holds.', span });
  else {
    const message = 'The condition holds whichever of the rules finds something.';
    report({ code: 'correlation/always', severity: 'warning', message, span });
  }
}

/** Bounds that no number meets, and bounds that only hold where there is an event. */
function checkBounds(
  { type, rules, condition }: CorrelationRule,
  bounds: readonly Bound[],
  report: FindingReport,
): void {
  const [first] = bounds;
  if (first === undefined) return;
  const counts = ['event_count', 'value_count', 'temporal'].includes(type);
  const most = type === 'temporal' ? rules.length : Number.POSITIVE_INFINITY;
  const least = type === 'value_count' || !counts ? 0 : 1;
  if (!isPossible(bounds, counts, least, most)) {
    const what = type === 'temporal' ? 'number of rules that take part' : 'number';
    const message = `No ${what} meets the condition.`;
    report({ code: 'correlation/never', message, span: first.span });
    return;
  }
  if (condition?.kind === 'number' && leastCount(bounds) === undefined) {
    const { span } = bounds.find(({ order }) => order !== 'gt' && order !== 'gte') ?? first;
    const message =
      'The condition is looked at where an event happens: a window without events alerts nobody, and a number that only passes through the range does.';
    report({ code: 'correlation/event-anchored', severity: 'warning', message, span });
  }
}

/** Whether some number meets the bounds; of counts some whole number from the least to the most. */
function isPossible(
  bounds: readonly Bound[],
  whole: boolean,
  least: number,
  most: number,
): boolean {
  const values = bounds.map(({ value }) => value);
  const near = whole
    ? [
        least,
        ...values.flatMap((value) => [
          Math.floor(value) - 1,
          Math.floor(value),
          Math.ceil(value),
          Math.floor(value) + 1,
          Math.floor(value) + 2,
        ]),
      ]
    : [
        -Number.MAX_VALUE,
        ...values.flatMap((value) => [value - 1, value, value + 1]),
        Number.MAX_VALUE,
      ];
  const between = whole ? [] : values.flatMap((a) => values.map((b) => (a + b) / 2));
  return [...near, ...between]
    .filter((value) => !whole || (value >= least && value <= most))
    .some((value) => meets(bounds, value));
}
