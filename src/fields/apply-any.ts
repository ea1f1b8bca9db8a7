import type { Test } from '../match/test.ts';
import type { FieldTest, Predicate } from '../plan/predicate.ts';
import type { Context } from './context.ts';
import type { PlaceLeaf, PlaceTest } from './mapped-plan.ts';
import { placeOf } from './place-of.ts';

/**
 * Absent *or* empty is the one thing about emptiness that a place which forgets it can say: the two tests
 * together become one of the place's own presence.
 */
export function rewriteAny(
  parts: readonly Predicate[],
  context: Context,
  rewrite: (part: Predicate) => Predicate<PlaceLeaf>,
): Predicate<PlaceLeaf> {
  const empty = new Map<string, FieldTest>();
  for (const part of parts) {
    if (part.kind === 'field' && isEmptyText(part.test)) empty.set(part.field.name, part);
  }
  const of = parts.flatMap((part): readonly Predicate<PlaceLeaf>[] => {
    const absent = absentField(part);
    const twin = absent === undefined ? undefined : empty.get(absent);
    const merged = twin && absentOrEmpty(twin, context);
    if (merged !== undefined) return [merged];
    const isTwin =
      part.kind === 'field' &&
      isEmptyText(part.test) &&
      parts.some((other) => absentField(other) === part.field.name);
    return isTwin && absentOrEmpty(part, context) !== undefined ? [] : [rewrite(part)];
  });
  return { kind: 'any', of };
}

/** The field whose absence a predicate asks for. */
function absentField(node: Predicate): string | undefined {
  if (node.kind !== 'not' || node.of.kind !== 'field' || node.of.test.kind !== 'exists')
    return undefined;
  return node.of.field.name;
}

function isEmptyText(test: Test): boolean {
  return test.kind === 'match' && test.pattern.length === 0;
}

/** Neither present nor empty, where every place of the field forgets what is empty. */
function absentOrEmpty(
  { field, span }: FieldTest,
  context: Context,
): Predicate<PlaceLeaf> | undefined {
  const mapped = placeOf(context.mapping, field);
  if (mapped === undefined || mapped.places.length === 0 || mapped.absence !== undefined)
    return undefined;
  const forgets = mapped.places.every(({ place }) =>
    context.target.forgets(place).includes('empty'),
  );
  if (!forgets || field.many || field.never.includes('empty')) return undefined;
  context.rely(mapped.evidence);
  const of = mapped.places.map(
    (at): PlaceTest => ({ kind: 'field', at, test: { kind: 'exists' }, span }),
  );
  return { kind: 'not', of: { kind: 'any', of } };
}
