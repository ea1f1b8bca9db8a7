import type { FieldTest, Keyword, Predicate } from './predicate.ts';

/** What to make of each kind of predicate; a new kind is a compile error in every algebra. */
export interface Algebra<Leaf, Result> {
  all(of: readonly Result[]): Result;
  any(of: readonly Result[]): Result;
  not(of: Result): Result;
  field(leaf: Leaf): Result;
  keyword(leaf: Keyword): Result;
}

/** Computes bottom-up over a predicate. */
export function foldPredicate<Result, Leaf extends { readonly kind: 'field' } = FieldTest>(
  node: Predicate<Leaf>,
  algebra: Algebra<Leaf, Result>,
): Result {
  switch (node.kind) {
    case 'all':
      return algebra.all(node.of.map((part) => foldPredicate(part, algebra)));
    case 'any':
      return algebra.any(node.of.map((part) => foldPredicate(part, algebra)));
    case 'not':
      return algebra.not(foldPredicate(node.of, algebra));
    case 'field':
      return algebra.field(node);
    case 'keyword':
      return algebra.keyword(node);
  }
}
