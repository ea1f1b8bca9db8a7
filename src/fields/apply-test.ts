import type { Finding } from '../diagnostics/diagnostic.ts';
import type { NamedList } from '../match/list.ts';
import { never as nothing } from '../plan/normalize.ts';
import type { FieldTest, Predicate } from '../plan/predicate.ts';
import type { Span } from '../text/span.ts';
import { type Context, type MappingTarget, placesOf } from './context.ts';
import type { PlaceLeaf, PlaceTest } from './mapped-plan.ts';
import { placeOf } from './place-of.ts';
import { exists, needsGuard } from './presence.ts';

/** A test at each place of its field, where the target's data can decide it. */
export function rewriteTest(leaf: FieldTest, context: Context): Predicate<PlaceLeaf> {
  const { field, span } = leaf;
  const { target, refuse } = context;
  const mapped = placeOf(context.mapping, field);
  if (mapped !== undefined && mapped.places.length > 0 && leaf.test.kind === 'exists') {
    context.rely(mapped.evidence);
    return exists(mapped, leaf, context);
  }
  const places = placesOf(field, span, context);
  if (mapped === undefined || places.length === 0) return nothing;
  if (leaf.test.kind === 'time' && field.name !== context.time) {
    const message = `On ${target.title} only the event's own time, "${context.time}", is known as a time.`;
    refuse({ code: `${target.id}/no-time`, message, span });
    return nothing;
  }
  const { test: asked } = leaf;
  if (asked.kind === 'in-list' && target.capabilities.lists?.includes(asked.list.kind) !== true) {
    refuse(listProblem(asked.list, target, span));
    return nothing;
  }
  const of = places.map((at): Predicate<PlaceLeaf> => {
    const test: PlaceTest = { kind: 'field', at, test: leaf.test, span };
    return needsGuard(leaf.test, at, context, span)
      ? { kind: 'all', of: [exists(mapped, leaf, context, at), test] }
      : test;
  });
  return { kind: 'any', of };
}

function listProblem(
  { name, kind }: NamedList,
  { id, title, capabilities: { lists = [] } }: MappingTarget,
  span: Span,
): Finding {
  const entries = { string: 'texts', regex: 'regular expressions', cidr: 'networks' }[kind];
  const keeps = lists.length === 0 ? 'no lists' : `lists of ${lists.join(' or ')}`;
  return {
    code: `${id}/list-kind`,
    message: `The list "${name}" holds ${entries}, and ${title} keeps ${keeps} that a query could look in.`,
    span,
    hint: `Have its entries written into the query: "lists: { ${name}: { inline: true } }" in the configuration.`,
  };
}
