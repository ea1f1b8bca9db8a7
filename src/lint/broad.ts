import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { Test } from '../match/test.ts';
import type { EventPlan } from '../plan/event-plan.ts';
import type { Predicate } from '../plan/predicate.ts';

/** Tells of a rule that says only what events aren't like, or which fields they have. */
export function lintBroad({ where, rule }: EventPlan, report: FindingReport): void {
  if (narrows(where, true)) return;
  report({
    code: 'lint/broad-rule',
    message:
      'Nothing in the rule says what an event is like: it only asks for fields to be there, or excludes.',
    span: { start: rule.span.start, end: rule.span.start + 1 },
    hint: 'Most events of the log source will match. Name at least one value that they have to have.',
  });
}

function narrows(node: Predicate, holds: boolean): boolean {
  switch (node.kind) {
    case 'not':
      return narrows(node.of, !holds);
    case 'all':
    case 'any': {
      const every = (node.kind === 'any') === holds;
      const parts = node.of.map((part) => narrows(part, holds));
      return every ? parts.every(Boolean) : parts.some(Boolean);
    }
    case 'element':
      return holds && narrows(node.where, true);
    case 'field':
      return holds && asksForMore(node.test);
    default:
      return holds;
  }
}

function asksForMore(test: Test): boolean {
  if (test.kind !== 'match') return test.kind !== 'exists';
  const { pattern } = test;
  return pattern.length === 0 || pattern.some((part) => typeof part === 'string');
}
