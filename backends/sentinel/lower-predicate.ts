import {
  foldPredicate,
  type PlaceElement,
  type PlaceLeaf,
  type PlaceTest,
  type Predicate,
} from '#backend';
import type { Expression } from './ast.ts';
import { call, chain, complement, name } from './build.ts';
import { type LeafContext, locateLeaf } from './lower-context.ts';
import { lowerLeaves } from './lower-leaf.ts';
import { lowerPair } from './lower-pair.ts';

/** A predicate as one expression; nothing when some part was refused. */
export function lowerPredicate(
  node: Predicate<PlaceLeaf>,
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
    case 'pair':
      return lowerPair(node, context);
    case 'element':
      return lowerElement(node, context);
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

/** Some element satisfies the predicate. */
function lowerElement(
  { at, where, span }: PlaceElement,
  context: LeafContext,
): Expression | undefined {
  const location = locateLeaf({ at, span }, context);
  if (location === undefined) return undefined;
  if (location.arrays.length === 0 || location.keys.length > 0) {
    context.report.report({
      code: 'sentinel/elements-apart',
      message: `The mapping doesn't say that "${at.place.path}" holds the elements of "${at.field.name}" as an array.`,
      span,
    });
    return undefined;
  }
  return context.elements.within(location, ({ column, elements }) => {
    const within = { place: at.place, item: column };
    const said = lowerPredicate(where, { ...context, elements, within, exact: false });
    const guards = holdsOfNothing(where) ? [call('isnotnull', name(column))] : [];
    return said && chain('and', [...guards, said]);
  });
}

/** Whether a predicate holds where all of its leaves are false, as they are of null. */
function holdsOfNothing(node: Predicate<PlaceLeaf>): boolean {
  return foldPredicate<boolean, PlaceLeaf>(node, {
    all: (of) => of.every((part) => part),
    any: (of) => of.some((part) => part),
    not: (of) => !of,
    field: () => false,
    pair: () => false,
    element: () => false,
    keyword: () => false,
  });
}

function join(
  kind: 'and' | 'or',
  parts: readonly (Expression | undefined)[],
): Expression | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === parts.length ? chain(kind, said) : undefined;
}

function lowerTogether(
  parts: readonly Predicate<PlaceLeaf>[],
  context: LeafContext,
): Expression | undefined {
  const leaves = parts.filter((part) => part.kind === 'field');
  const [only] = parts;
  if (leaves.length === parts.length) return lowerLeaves(leaves, context);
  return only === undefined ? undefined : lowerPredicate(only, context);
}

/**
 * The parts of an `any`: equalities with one place stand together, and so do tests of the time, all tests on
 * the elements of one array ("one passes this or one passes that" is "one passes this or that") and those of a
 * value that might be an object.
 */
function together(
  parts: readonly Predicate<PlaceLeaf>[],
): readonly (readonly Predicate<PlaceLeaf>[])[] {
  const byPlace = new Map<string, Predicate<PlaceLeaf>[]>();
  const result: Predicate<PlaceLeaf>[][] = [];
  for (const part of parts) {
    const key = part.kind === 'field' && isJoined(part) ? placeKey(part) : undefined;
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

function isJoined(leaf: PlaceTest): boolean {
  const { many, type } = leaf.at.field;
  return many || type === 'any' || isEquality(leaf) || leaf.test.kind === 'time';
}

function isEquality({ test }: PlaceTest): boolean {
  return test.kind === 'match' && test.pattern.length === 1 && typeof test.pattern[0] === 'string';
}

function placeKey({ at }: PlaceTest): string {
  return JSON.stringify([at.place.path, at.place.type, at.rest, at.field.steps]);
}
