import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Field } from '../logsource/field.ts';
import type { EventPlan, Expression } from '../plan/event-plan.ts';
import { normalize, never as nothing } from '../plan/normalize.ts';
import type { FieldElement, Predicate } from '../plan/predicate.ts';
import { rewriteAny } from './apply-any.ts';
import { rewritePair } from './apply-pair.ts';
import { rewriteTest } from './apply-test.ts';
import { checkSuppression } from './check-suppression.ts';
import { type Context, type MappingTarget, placesOf } from './context.ts';
import { withoutNeedless } from './guards.ts';
import type { MappedOutput, MappedPlace, MappedPlan, PlaceLeaf } from './mapped-plan.ts';
import { type Evidence, type Mapping, weakest } from './mapping.ts';
import { placeOf } from './place-of.ts';

/**
 * Rewrites a plan in a target's places. A test that the target's data can't decide is reported at the
 * rule's line, and then there is no mapped plan.
 */
export function applyMapping(
  plan: EventPlan,
  mapping: Mapping,
  target: MappingTarget,
  report: (finding: Finding) => void,
): MappedPlan | undefined {
  let failed = false;
  const evidences: Evidence[] = [];
  const guards = new Set<PlaceLeaf>();
  const context: Context = {
    mapping,
    target,
    source: plan.source,
    refuse(finding) {
      failed = true;
      report(finding);
    },
    rely: (evidence) => evidences.push(evidence),
    guard: (test) => guards.add(test),
  };
  const rewritten = normalize(rewrite(plan.where, context));
  const where = normalize(withoutNeedless(rewritten, guards));
  const outputs = plan.outputs.flatMap((output): readonly MappedOutput[] => {
    const value = rewriteExpression(output.value, mapping);
    if (value !== undefined) return [{ ...output, value }];
    const message = `${target.title} doesn't show "${output.name}": it has no place for the field.`;
    report({ code: `${target.id}/no-output`, severity: 'note', message, span: output.span });
    return [];
  });
  const shown = outputs.map(({ name }) => name);
  checkSuppression(plan.suppress, shown, target, context.refuse);
  if (failed) return undefined;
  const { rule, source, schedule, suppress } = plan;
  return {
    kind: 'event',
    rule,
    source,
    mapping,
    where,
    outputs,
    schedule,
    suppress,
    evidence: weakest(evidences),
  };
}

function rewrite(node: Predicate, context: Context): Predicate<PlaceLeaf> {
  switch (node.kind) {
    case 'all':
      return { kind: 'all', of: node.of.map((part) => rewrite(part, context)) };
    case 'any':
      return rewriteAny(node.of, context, (part) => rewrite(part, context));
    case 'not':
      return { kind: 'not', of: rewrite(node.of, context) };
    case 'keyword':
      return node;
    case 'field':
      return rewriteTest(node, context);
    case 'pair':
      return rewritePair(node, context);
    case 'element':
      return rewriteElement(node, context);
  }
}

/** A target that keeps an element's fields apart from each other has no elements any more. */
function rewriteElement(element: FieldElement, context: Context): Predicate<PlaceLeaf> {
  const { target, refuse } = context;
  const { array, where, span } = element;
  if (target.capabilities.elements !== true) {
    const message = `${target.title} keeps the fields of all elements of "${array.name}" side by side: which belong together isn't known.`;
    refuse({ code: `${target.id}/elements`, message, span });
    return nothing;
  }
  const [at, ...more] = placesOf(array, span, context);
  const inner = normalize(rewrite(where, context));
  if (at === undefined) return nothing;
  if (more.length > 0) {
    const message = `${target.title} keeps the elements of "${array.name}" in several places.`;
    refuse({ code: `${target.id}/elements`, message, span });
    return nothing;
  }
  return { kind: 'element', at, where: inner, span };
}

/** An expression over the places of its fields; nothing where the target has none of them. */
export function rewriteExpression(
  expression: Expression<Field>,
  mapping: Mapping,
): Expression<MappedPlace> | undefined {
  if (expression.kind === 'coalesce') {
    return join(expression.of.map((part) => rewriteExpression(part, mapping)));
  }
  const places = placeOf(mapping, expression.field)?.places ?? [];
  return join(places.map((field) => ({ kind: 'field', field })));
}

function join(
  parts: readonly (Expression<MappedPlace> | undefined)[],
): Expression<MappedPlace> | undefined {
  const of = parts.filter((part) => part !== undefined);
  const flat = of.flatMap((part) => (part.kind === 'coalesce' ? part.of : [part]));
  return flat.length > 1 ? { kind: 'coalesce', of: flat } : flat[0];
}
