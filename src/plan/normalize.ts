import type { AnyLeaf } from './fold.ts';
import type { Predicate } from './predicate.ts';

/**
 * The canonical form: `all` and `any` flattened, single parts unwrapped, double negation gone,
 * true and false folded away unless they are the whole. The rule's own order stays: whoever reads
 * a diff of queries should recognise the rule.
 */
export function normalize<Leaf extends AnyLeaf>(node: Predicate<Leaf>): Predicate<Leaf> {
  switch (node.kind) {
    case 'all':
    case 'any':
      return join(node.kind, node.of.map(normalize));
    case 'not': {
      const of = normalize(node.of);
      if (of.kind === 'not') return of.of;
      if (isConstant(of)) return of.kind === 'all' ? never : always;
      return { kind: 'not', of };
    }
    default:
      return node;
  }
}

/** The predicate that every event satisfies. */
export const always: { readonly kind: 'all'; readonly of: readonly never[] } = {
  kind: 'all',
  of: [],
};
/** The predicate that no event satisfies. */
export const never: { readonly kind: 'any'; readonly of: readonly never[] } = {
  kind: 'any',
  of: [],
};

/** Whether a predicate is `always` or `never`. */
function isConstant<Leaf extends AnyLeaf>(
  node: Predicate<Leaf>,
): node is typeof always | typeof never {
  return (node.kind === 'all' || node.kind === 'any') && node.of.length === 0;
}

function join<Leaf extends AnyLeaf>(
  kind: 'all' | 'any',
  parts: readonly Predicate<Leaf>[],
): Predicate<Leaf> {
  const absorbing = kind === 'all' ? 'any' : 'all';
  const of: Predicate<Leaf>[] = [];
  for (const part of parts) {
    if (part.kind === absorbing && part.of.length === 0) return part;
    // One by one: a list may hold more values than a call takes arguments.
    if (part.kind === kind) for (const inner of part.of) of.push(inner);
    else of.push(part);
  }
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}
