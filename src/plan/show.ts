import type { Field } from '../logsource/field.ts';
import { isAnyRun } from '../match/pattern.ts';
import { printRegex } from '../match/regex/print.ts';
import type { Test } from '../match/test.ts';
import type {
  Bound,
  CorrelationCondition,
  CorrelationPlan,
  Member,
  Presence,
  ValueField,
} from './correlation.ts';
import type { EventPlan, Expression } from './event-plan.ts';
import type { Plan } from './plan.ts';
import type { Predicate } from './predicate.ts';

/** A plan for people. */
export function showPlan(plan: Plan, indent = ''): string {
  if (plan.kind === 'event')
    return [show(plan.where, indent), ...eventOutputs(plan, indent)].join('\n');
  const keys = plan.groupBy.map(({ name, fold }) => (fold ? `${name} (in any case)` : name));
  const head = `${indent}${plan.type} within ${plan.window / 1000} s, by ${keys.join(', ') || 'nothing'}`;
  const condition = `${indent}  when ${showCondition(plan)}`;
  const members = plan.members.map((member) =>
    [
      `${indent}  ${member.name}`,
      ...refsOf(plan, member).map((line) => `${indent}    ${line}`),
      showPlan(bare(member.plan), `${indent}    `),
    ].join('\n'),
  );
  return [head, condition, ...members].join('\n');
}

/** A part's own outputs are shown nowhere. */
function bare(plan: Plan): Plan {
  return { ...plan, outputs: [] };
}

function eventOutputs({ outputs }: EventPlan, indent: string): readonly string[] {
  return outputs.map(
    ({ role, name, value }) => `${indent}${role} ${name} = ${showExpression(value)}`,
  );
}

/** What the correlation's names stand for in a member, where they aren't its fields' own. */
function refsOf(plan: CorrelationPlan, member: Member): readonly string[] {
  const inner = member.kind === 'nested' ? member.plan.groupBy : [];
  const refs = (list: readonly (Expression<Field> | number | undefined)[]): readonly string[] =>
    list.map((ref) => {
      if (ref === undefined) return 'nothing';
      return typeof ref === 'number' ? (inner[ref]?.name ?? '') : showExpression(ref);
    });
  const pairs = (
    what: string,
    names: readonly { readonly name: string }[],
    list: readonly string[],
  ): readonly string[] =>
    names.flatMap(({ name }, index) =>
      name === list[index] ? [] : [`${what} ${name} = ${list[index]}`],
    );
  return [
    ...pairs('key', plan.groupBy, refs(member.keys)),
    ...pairs('value', fieldsOf(plan.condition), refs(member.values)),
    ...plan.outputs.map(
      ({ role, name }, index) => `${role} ${name} = ${refs(member.outputs)[index]}`,
    ),
  ];
}

function fieldsOf(condition: CorrelationCondition): readonly ValueField[] {
  return 'fields' in condition ? condition.fields : [];
}

function showCondition({ condition, members }: CorrelationPlan): string {
  const fields = fieldsOf(condition)
    .map(({ name }) => name)
    .join(', ');
  const bounds = 'bounds' in condition ? ` ${showBounds(condition.bounds)}` : '';
  switch (condition.kind) {
    case 'count':
      return `the number of events${bounds}`;
    case 'distinct':
      return `the number of values of ${fields}${bounds}`;
    case 'percentile':
      return `the ${condition.percentile}th percentile of ${fields}${bounds}`;
    case 'sum':
    case 'avg':
      return `the ${condition.kind === 'sum' ? 'sum' : 'mean'} of ${fields}${bounds}`;
    case 'members':
      return `the number of rules that found something${bounds}`;
    case 'ordered':
      return 'the rules find events in this order';
    case 'presence':
      return `there is ${showPresence(
        condition.of,
        members.map(({ name }) => name),
      )}`;
  }
}

function showPresence(node: Presence, names: readonly string[]): string {
  if (node.kind === 'member') return names[node.index] ?? '';
  if (node.kind === 'not') return `not ${showPresence(node.of, names)}`;
  return `(${node.of.map((part) => showPresence(part, names)).join(` ${node.kind} `)})`;
}

function showBounds(bounds: readonly Bound[]): string {
  const signs = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '!=' };
  return bounds.map(({ order, value }) => `${signs[order]} ${value}`).join(' and ');
}

function showExpression(expression: Expression<Field>): string {
  if (expression.kind === 'field') return expression.field.name;
  return `the first of ${expression.of.map(showExpression).join(', ')}`;
}

/** A predicate for people, one test a line. */
function show(node: Predicate, indent = ''): string {
  switch (node.kind) {
    case 'all':
    case 'any':
      return [`${indent}${node.kind}`, ...node.of.map((part) => show(part, `${indent}  `))].join(
        '\n',
      );
    case 'not':
      return `${indent}not\n${show(node.of, `${indent}  `)}`;
    case 'field':
      return `${indent}${node.field.name}${node.field.many ? '[]' : ''} ${showTest(node.test)}`;
    case 'pair': {
      const relation = node.relation === 'equals' ? 'is' : node.relation;
      return `${indent}${node.field.name} ${relation} ${node.other.name}${node.cased ? ' exactly' : ''}`;
    }
    case 'element':
      return `${indent}an element of ${node.array.name}\n${show(node.where, `${indent}  `)}`;
    case 'keyword':
      return `${indent}raw text ${showTest({ kind: 'match', pattern: node.pattern, cased: node.cased })}`;
  }
}

function showTest(test: Test): string {
  switch (test.kind) {
    case 'match': {
      const text = test.pattern
        .map((part) =>
          typeof part === 'string' ? JSON.stringify(part) : isAnyRun(part) ? '*' : '?',
        )
        .join(' ');
      return `${test.cased ? 'is exactly' : 'is'} ${text === '' ? '""' : text}`;
    }
    case 'regex':
      return `matches /${printRegex(test.regex, { end: '\\z' })}/`;
    case 'compare':
      return `${{ lt: '<', lte: '<=', gt: '>', gte: '>=' }[test.order]} ${test.bound}`;
    case 'in-network':
      return `is in ${test.network.text}`;
    case 'in-list':
      return `is in the list ${test.list.name}`;
    case 'time': {
      const ranges = test.ranges.map(({ from, to }) =>
        from === to ? `${from}` : `${from}..${to}`,
      );
      return `is a time with ${test.part} in ${ranges.join(', ')}`;
    }
    case 'exists':
      return 'exists';
  }
}
