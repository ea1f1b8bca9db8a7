import type { PlaceTest, Predicate } from '#backend';
import type { Expression } from './ast.ts';
import { chain, complement } from './build.ts';
import { type LeafContext, lowerLeaves } from './lower-leaf.ts';

/** A predicate as one expression; nothing when some part was refused. */
export function lowerPredicate(
  node: Predicate<PlaceTest>,
  context: LeafContext,
): Expression | undefined {
  switch (node.kind) {
    case 'all':
      return join(
        'and',
        node.of.map((part) => lowerPredicate(part, context)),
      );
    case 'any':
      return join(
        'or',
        together(node.of).map((parts) => lowerTogether(parts, context)),
      );
    case 'not': {
      const of = lowerPredicate(node.of, { ...context, exact: true });
      return of === undefined ? undefined : complement(of);
    }
    case 'field':
      return lowerLeaves([node], context);
    case 'keyword':
      context.report.report({
        code: 'sentinel/keyword',
        message:
          'The table keeps the record in columns, not its raw text, so there is nothing that a keyword could be searched in.',
        span: node.span,
        hint: 'Name the field that holds the text.',
      });
      return undefined;
  }
}

function join(
  kind: 'and' | 'or',
  parts: readonly (Expression | undefined)[],
): Expression | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === parts.length ? chain(kind, said) : undefined;
}

function lowerTogether(
  parts: readonly Predicate<PlaceTest>[],
  context: LeafContext,
): Expression | undefined {
  const leaves = parts.filter((part) => part.kind === 'field');
  const [only] = parts;
  if (leaves.length === parts.length) return lowerLeaves(leaves, context);
  return only === undefined ? undefined : lowerPredicate(only, context);
}

/**
 * The parts of an `any`: equalities with one place stand together, and so do all tests on the
 * elements of one array ("one passes this or one passes that" is "one passes this or that").
 */
function together(
  parts: readonly Predicate<PlaceTest>[],
): readonly (readonly Predicate<PlaceTest>[])[] {
  const byPlace = new Map<string, Predicate<PlaceTest>[]>();
  const result: Predicate<PlaceTest>[][] = [];
  for (const part of parts) {
    const key =
      part.kind === 'field' && (part.at.field.many || isEquality(part))
        ? placeKey(part)
        : undefined;
    const known = key === undefined ? undefined : byPlace.get(key);
    if (known !== undefined) known.push(part);
    else {
      const group = [part];
      result.push(group);
      if (key !== undefined) byPlace.set(key, group);
    }
  }
  return result;
}

function isEquality({ test }: PlaceTest): boolean {
  return test.kind === 'match' && test.pattern.length === 1 && typeof test.pattern[0] === 'string';
}

function placeKey({ at }: PlaceTest): string {
  return JSON.stringify([at.place.path, at.place.type, at.rest, at.field.steps]);
}
