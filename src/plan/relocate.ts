import type { Span } from '../text/span.ts';
import type { EventPlan } from './event-plan.ts';
import type { Predicate } from './predicate.ts';

/** The plan of a rule as another rule names it: what is found in it is told at that name, in that rule's file. */
export function relocate(plan: EventPlan, span: Span): EventPlan {
  const where = mapSpans(plan.where, () => span);
  return { ...plan, rule: { ...plan.rule, span }, where, outputs: [], suppress: undefined };
}

/** The same predicate with other places for its leaves. */
export function mapSpans(node: Predicate, move: (span: Span) => Span): Predicate {
  switch (node.kind) {
    case 'all':
    case 'any':
      return { kind: node.kind, of: node.of.map((part) => mapSpans(part, move)) };
    case 'not':
      return { kind: 'not', of: mapSpans(node.of, move) };
    case 'element':
      return { ...node, where: mapSpans(node.where, move), span: move(node.span) };
    default:
      return { ...node, span: move(node.span) };
  }
}
