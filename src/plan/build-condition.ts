import type { Condition } from '../condition/ast.ts';
import { selected } from '../rule/read-conditions.ts';
import { always } from './normalize.ts';
import type { Predicate } from './predicate.ts';

/** What a condition makes of its selections; names that nothing has were told when the rule was read. */
export function buildCondition(
  node: Condition,
  selections: ReadonlyMap<string, Predicate>,
): Predicate {
  switch (node.kind) {
    case 'and':
      return { kind: 'all', of: node.of.map((part) => buildCondition(part, selections)) };
    case 'or':
      return { kind: 'any', of: node.of.map((part) => buildCondition(part, selections)) };
    case 'not':
      return { kind: 'not', of: buildCondition(node.of, selections) };
    case 'selection':
      return selections.get(node.name) ?? always;
    case 'quantified': {
      const of = selected(node.pattern, [...selections.keys()]).map(
        (name) => selections.get(name) ?? always,
      );
      return { kind: node.quantifier, of };
    }
  }
}
