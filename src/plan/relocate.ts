import type { Span } from '../text/span.ts';
import type { EventPlan } from './event-plan.ts';
import type { FieldTest, Predicate } from './predicate.ts';

/** The plan of a rule as another rule names it: what is found in it is told at that name, in that rule's file. */
export function relocate(plan: EventPlan, span: Span): EventPlan {
  return { ...plan, rule: { ...plan.rule, span }, where: move(plan.where, span), outputs: [] };
}

function move(node: Predicate<FieldTest>, span: Span): Predicate<FieldTest> {
  switch (node.kind) {
    case 'all':
    case 'any':
      return { kind: node.kind, of: node.of.map((part) => move(part, span)) };
    case 'not':
      return { kind: 'not', of: move(node.of, span) };
    default:
      return { ...node, span };
  }
}
