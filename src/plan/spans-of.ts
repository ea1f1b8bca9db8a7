import type { Span } from '../text/span.ts';
import { foldPredicate } from './fold.ts';
import type { Predicate } from './predicate.ts';

/** A leaf that knows where the rule says it. */
interface Placed {
  readonly kind: 'field' | 'pair' | 'element';
  readonly span: Span;
}

/** Where a rule says the parts of a predicate, in its order. */
export function spansOf<Leaf extends Placed>(node: Predicate<Leaf>): readonly Span[] {
  return foldPredicate<readonly Span[], Leaf>(node, {
    all: (of) => of.flat(),
    any: (of) => of.flat(),
    not: (of) => of,
    field: ({ span }) => [span],
    pair: ({ span }) => [span],
    element: ({ span }) => [span],
    keyword: ({ span }) => [span],
  });
}
