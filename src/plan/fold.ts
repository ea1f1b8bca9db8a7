import type { FieldLeaf, Keyword, Predicate } from './predicate.ts';

/** What to make of each kind of predicate; a new kind is a compile error in every algebra. */
export interface Algebra<Leaf extends { readonly kind: string }, Result> {
  all(of: readonly Result[]): Result;
  any(of: readonly Result[]): Result;
  not(of: Result): Result;
  field(leaf: Extract<Leaf, { readonly kind: 'field' }>): Result;
  pair(leaf: Extract<Leaf, { readonly kind: 'pair' }>): Result;
  /** What holds of the element is a predicate of its own. */
  element(leaf: Extract<Leaf, { readonly kind: 'element' }>): Result;
  keyword(leaf: Keyword): Result;
}

/** The kinds of leaves. */
export interface AnyLeaf {
  readonly kind: 'field' | 'pair' | 'element';
}

/** Computes bottom-up over a predicate. */
export function foldPredicate<Result, Leaf extends AnyLeaf = FieldLeaf>(
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
      return algebra.field(node as Extract<Leaf, { readonly kind: 'field' }>);
    case 'pair':
      return algebra.pair(node as Extract<Leaf, { readonly kind: 'pair' }>);
    case 'element':
      return algebra.element(node as Extract<Leaf, { readonly kind: 'element' }>);
    case 'keyword':
      return algebra.keyword(node);
  }
}
