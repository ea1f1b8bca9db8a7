import type { Finding } from '../diagnostics/diagnostic.ts';
import { resolveField } from '../logsource/resolve.ts';
import { accepts } from '../match/accepts.ts';
import type { NamedList } from '../match/list.ts';
import { equals } from '../match/test.ts';
import { never as nothing } from '../plan/normalize.ts';
import type { FieldTest, Predicate } from '../plan/predicate.ts';
import type { Span } from '../text/span.ts';
import { type Context, type MappingTarget, placesOf } from './context.ts';
import type { MappedPlace, PlaceLeaf, PlaceTest } from './mapped-plan.ts';
import { othersAt, placeOf } from './place-of.ts';
import { exists, needsGuard } from './presence.ts';

/** A test at each place of its field, where the target's data can decide it. */
export function rewriteTest(leaf: FieldTest, context: Context): Predicate<PlaceLeaf> {
  const { field, span } = leaf;
  const { target, refuse } = context;
  const mapped = placeOf(context.mapping, field);
  if (mapped !== undefined && mapped.places.length > 0 && leaf.test.kind === 'exists') {
    context.rely(mapped.evidence);
    return withOwn(mapped.places, leaf, context, exists(mapped, leaf, context));
  }
  const places = placesOf(field, span, context);
  if (mapped === undefined || places.length === 0) return nothing;
  if (leaf.test.kind === 'time' && field.name !== context.source.time) {
    const message = `On ${target.title} only the event's own time, "${context.source.time}", is known as a time.`;
    refuse({ code: `${target.id}/no-time`, message, span });
    return nothing;
  }
  const { test: asked } = leaf;
  if (asked.kind === 'time' && target.capabilities.times?.includes(asked.part) !== true) {
    const message = `${target.title} has no way to ask for the ${asked.part.replaceAll('-', ' ')} of a time.`;
    refuse({ code: `${target.id}/times`, message, span });
    return nothing;
  }
  if (asked.kind === 'in-list' && target.capabilities.lists?.includes(asked.list.kind) !== true) {
    refuse(listProblem(asked.list, target, span));
    return nothing;
  }
  const of = places.map((at): Predicate<PlaceLeaf> => {
    if (at.place.values !== undefined) return written(leaf, at, at.place.values, context);
    const test: PlaceTest = { kind: 'field', at, test: leaf.test, span };
    return needsGuard(leaf.test, at, context, span)
      ? { kind: 'all', of: [exists(mapped, leaf, context, at), test] }
      : test;
  });
  // The event's own time is read where the target keeps it, not in a place of the mapping.
  if (asked.kind === 'time') return { kind: 'any', of };
  return withOwn(places, leaf, context, { kind: 'any', of });
}

/**
 * A place that other fields are kept in as well is the field's own only in events that have no other of them:
 * those are asked for, where the source says which they are.
 */
function withOwn(
  places: readonly MappedPlace[],
  { field, span }: FieldTest,
  context: Context,
  test: Predicate<PlaceLeaf>,
): Predicate<PlaceLeaf> {
  const { mapping, source, target, refuse } = context;
  const [shared] = places.flatMap((at) => othersAt(mapping, at));
  if (shared === undefined) return test;
  const { only } = field;
  const asked = only && resolveField(source, only.field);
  const own = asked && placeOf(mapping, asked);
  if (only === undefined || own === undefined) {
    const message = `${target.title} keeps "${field.name}" and "${shared}" in one place: whose value is there isn't known.`;
    refuse({ code: `${target.id}/shared-place`, message, span });
    return nothing;
  }
  const of = own.places.map((at): PlaceTest => {
    const guard: PlaceTest = { kind: 'field', at, test: equals(only.equals), span };
    context.guard(guard);
    return guard;
  });
  return { kind: 'all', of: [{ kind: 'any', of }, test] };
}

/** A test where the target writes another text for each value: those of the values that pass. */
function written(
  { field, test, span }: FieldTest,
  at: MappedPlace,
  values: ReadonlyMap<string, string>,
  { target, refuse }: Context,
): Predicate<PlaceLeaf> {
  if (test.kind === 'in-list') {
    const message = `${target.title} writes its own words for the values of "${field.name}": a list can't hold them.`;
    refuse({ code: `${target.id}/own-words`, message, span });
    return nothing;
  }
  const of = [...values].flatMap(([value, word]): readonly PlaceTest[] =>
    accepts(test, value) ? [{ kind: 'field', at, test: equals(word), span }] : [],
  );
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
