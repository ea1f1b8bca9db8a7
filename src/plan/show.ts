import { isAnyRun } from '../match/pattern.ts';
import { printRegex } from '../match/regex/print.ts';
import type { Test } from '../match/test.ts';
import type { Plan } from './plan.ts';
import type { Predicate } from './predicate.ts';

/** A plan for people. */
export function showPlan(plan: Plan, indent = ''): string {
  if (plan.kind === 'event') return show(plan.where, indent);
  const keys = plan.groupBy.map(({ name }) => name).join(', ') || 'nothing';
  const head = `${indent}${plan.type} within ${plan.window / 1000} s, by ${keys}`;
  const members = plan.members.map(
    (member) => `${indent}  ${member.name}\n${showPlan(member.plan, `${indent}    `)}`,
  );
  return [head, ...members].join('\n');
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
    case 'exists':
      return 'exists';
  }
}
