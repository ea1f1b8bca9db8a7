import { always } from '../plan/normalize.ts';
import type { Predicate } from '../plan/predicate.ts';
import type { PlaceLeaf, PlaceTest } from './mapped-plan.ts';

/** Leaves out guards where the predicate around them asks for the same already. */
export function withoutNeedless(
  node: Predicate<PlaceLeaf>,
  guards: ReadonlySet<PlaceLeaf>,
  known: ReadonlySet<string> = new Set(),
): Predicate<PlaceLeaf> {
  if (guards.size === 0) return node;
  switch (node.kind) {
    case 'all': {
      const asked = node.of.flatMap((part) =>
        part.kind === 'field' && !guards.has(part) ? [keyOf(part)] : [],
      );
      const more = new Set([...known, ...asked]);
      return { kind: 'all', of: node.of.map((part) => withoutNeedless(part, guards, more)) };
    }
    case 'any':
      return { kind: 'any', of: node.of.map((part) => withoutNeedless(part, guards, known)) };
    case 'not':
      return { kind: 'not', of: withoutNeedless(node.of, guards, known) };
    case 'field':
      return guards.has(node) && known.has(keyOf(node)) ? always : node;
    default:
      return node;
  }
}

/** The same for tests of the same place that ask the same. */
function keyOf({ at, test }: PlaceTest): string {
  return JSON.stringify([at.place.path, at.rest, test], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
