import type { Expression } from './ast.ts';
import { mapParts } from './engine/fields-of.ts';

/** The same expression about another event variable. */
export function renameEvent<Node extends Expression>(node: Node, event: string): Node {
  if (node.kind === 'field') return { ...node, event };
  return mapParts(node, (part) => renameEvent(part, event));
}
