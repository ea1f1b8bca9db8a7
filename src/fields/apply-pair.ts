import { never as nothing } from '../plan/normalize.ts';
import type { FieldPair, FieldTest, Predicate } from '../plan/predicate.ts';
import { type Context, placesOf } from './context.ts';
import type { MappedPlace, PlaceLeaf } from './mapped-plan.ts';
import { othersAt, placeOf } from './place-of.ts';
import { exists } from './presence.ts';

/** Each place of the one field beside each of the other. */
export function rewritePair(pair: FieldPair, context: Context): Predicate<PlaceLeaf> {
  const { field, other, relation, cased, span } = pair;
  const { target, refuse } = context;
  if (target.capabilities.pairs !== true) {
    const message = `${target.title} can't compare "${field.name}" with "${other.name}".`;
    refuse({ code: `${target.id}/pairs`, message, span });
    return nothing;
  }
  const [left, right] = [placesOf(field, span, context), placesOf(other, span, context)];
  for (const at of [...left, ...right]) {
    if (at.place.values !== undefined) {
      const message = `${target.title} writes its own words for the values of "${at.field.name}", so that it can't be compared with another field.`;
      refuse({ code: `${target.id}/own-words`, message, span });
    }
    const [shared] = othersAt(context.mapping, at);
    if (shared === undefined) continue;
    const message = `${context.target.title} keeps "${at.field.name}" and "${shared}" in one place: whose value is there isn't known.`;
    context.refuse({ code: `${context.target.id}/shared-place`, message, span });
  }
  const of = left.flatMap((at) =>
    right.map((second): Predicate<PlaceLeaf> => {
      const leaf: PlaceLeaf = { kind: 'pair', at, other: second, relation, cased, span };
      return { kind: 'all', of: [...pairGuards(pair, at, second, context), leaf] };
    }),
  );
  return { kind: 'any', of };
}

/**
 * What a place shows for an absent field could stand so to the other's value: presence is asked for. Of equal
 * values one is enough, and a value that begins with one that isn't empty isn't empty itself.
 */
function pairGuards(
  { relation, span }: FieldPair,
  at: MappedPlace,
  second: MappedPlace,
  context: Context,
): readonly Predicate<PlaceLeaf>[] {
  const { target } = context;
  const odd = (one: MappedPlace): boolean =>
    one.place.absent !== undefined || target.forgets(one.place).length > 0;
  const tells = (one: MappedPlace): boolean =>
    target.forgets(one.place).every((kind) => one.field.never.includes(kind));
  const guard = (one: MappedPlace): Predicate<PlaceLeaf> => {
    const mapped = placeOf(context.mapping, one.field);
    const test: FieldTest = { kind: 'field', field: one.field, test: { kind: 'exists' }, span };
    return mapped === undefined ? nothing : exists(mapped, test, context, one);
  };
  const guards: Predicate<PlaceLeaf>[] = [];
  if (relation === 'equals' && at.place.absent === undefined && second.place.absent === undefined) {
    if (odd(at) && odd(second)) guards.push(guard(tells(at) ? at : second));
    return guards;
  }
  if (odd(second)) guards.push(guard(second));
  if (at.place.absent !== undefined) guards.push(guard(at));
  return guards;
}
