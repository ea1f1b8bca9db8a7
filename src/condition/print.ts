import type { Condition } from './ast.ts';

/** How tightly an operator binds; parts that bind less stand in parentheses. */
const strength = { or: 1, and: 2, not: 3, selection: 4, quantified: 4 } as const;

/** The text of a condition, with no more parentheses than it needs. */
export function printCondition(node: Condition): string {
  const inner = (part: Condition): string =>
    strength[part.kind] > strength[node.kind] || (node.kind === 'not' && part.kind === 'not')
      ? printCondition(part)
      : `(${printCondition(part)})`;
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of.map(inner).join(` ${node.kind} `);
    case 'not':
      return `not ${inner(node.of)}`;
    case 'selection':
      return node.name;
    case 'quantified':
      return `${node.quantifier === 'any' ? '1' : 'all'} of ${node.pattern === '*' ? 'them' : node.pattern}`;
  }
}
