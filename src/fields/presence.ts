import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Forgettable, forgottenText } from '../logsource/field.ts';
import { accepts } from '../match/accepts.ts';
import { equals, type Test } from '../match/test.ts';
import type { FieldTest, Predicate } from '../plan/predicate.ts';
import type { Span } from '../text/span.ts';
import type { Context, MappingTarget } from './context.ts';
import type { MappedPlace, PlaceLeaf, PlaceTest } from './mapped-plan.ts';
import type { MappedField } from './place-of.ts';

/** Presence at a field's places, or at one of them. */
export function exists(
  mapped: MappedField,
  { span, field }: FieldTest,
  { target, refuse, rely }: Context,
  only?: MappedPlace,
): Predicate<PlaceLeaf> {
  const { absence } = mapped;
  if (absence !== undefined) {
    rely(mapped.evidence);
    const at: MappedPlace = { field, place: absence.place, rest: [] };
    return { kind: 'not', of: { kind: 'field', at, test: equals(absence.equals), span } };
  }
  const places = only === undefined ? mapped.places : [only];
  const of = places.map((at): PlaceTest => {
    for (const kind of target.forgets(at.place)) {
      if (!field.never.includes(kind)) refuse(cannotTell(kind, at, target, span));
    }
    return { kind: 'field', at, test: { kind: 'exists' }, span };
  });
  return { kind: 'any', of };
}

/** Whether the test is true of a text that stands for absence at the place; refuses what can't be told. */
export function needsGuard(
  test: Test,
  at: MappedPlace,
  { target, refuse }: Context,
  span: Span,
): boolean {
  const { field, place } = at;
  let guard = place.absent !== undefined && mayAccept(test, place.absent);
  for (const kind of target.forgets(place)) {
    if (!mayAccept(test, forgottenText[kind])) continue;
    if (field.never.includes(kind)) guard = true;
    else refuse(cannotTell(kind, at, target, span));
  }
  return guard;
}

function cannotTell(
  kind: Forgettable,
  { field }: MappedPlace,
  target: MappingTarget,
  span: Span,
): Finding {
  const value = { empty: 'an empty text', zero: 'the number 0', false: '"false"' }[kind];
  return {
    code: `${target.id}/cannot-tell-absent`,
    message: `${target.title} can't tell ${value} in "${field.name}" from a record without the field, and this test depends on it.`,
    span,
    hint: 'Test for a value that is not empty, or leave this target out under siemc.targets.',
  };
}

/** Whether a test is true of a text; what is in a list isn't known, beside that no entry is empty. */
function mayAccept(test: Test, text: string): boolean {
  if (test.kind !== 'in-list') return accepts(test, text);
  switch (test.list.kind) {
    case 'string':
      return text !== '';
    case 'regex':
      return true;
    case 'cidr':
      return false;
  }
}
