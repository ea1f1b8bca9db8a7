import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { EventPlan } from '../plan/event-plan.ts';
import type { FieldTest, Predicate } from '../plan/predicate.ts';

/** Tells where `not` stands over a test of a field that really holds several values. */
export function lintNegatedLists({ where, source }: EventPlan, report: FindingReport): void {
  // In flat records every field may be a list, which says nothing about this one.
  if (source.open.includes('**')) return;
  const told = new Set<string>();
  for (const { field, test, span } of negated(where, true)) {
    if (!field.many || field.uniform || test.kind === 'exists') continue;
    // What a filter says is told of the filter.
    if (span.file !== undefined || told.has(field.name)) continue;
    told.add(field.name);
    report({
      code: 'array/negated-list',
      message: `"${field.name}" holds several values: negated, the test asks that none of them is so.`,
      span,
      hint: 'To ask for one value that is otherwise, say what that value is like.',
    });
  }
}

function negated(node: Predicate, holds: boolean): readonly FieldTest[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.of.flatMap((part) => negated(part, holds));
    case 'not':
      return negated(node.of, !holds);
    case 'field':
      return holds ? [] : [node];
    default:
      return [];
  }
}
