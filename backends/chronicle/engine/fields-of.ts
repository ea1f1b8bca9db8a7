import type { EventField, Expression } from '../ast.ts';

/** The parts of an expression, one level down. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'all':
    case 'any':
    case 'list':
      return node.of;
    case 'not':
    case 'membership':
    case 'quantified':
      return [node.of];
    case 'call':
      return node.arguments;
    case 'arithmetic':
    case 'comparison':
      return [node.left, node.right];
    case 'string':
    case 'number':
    case 'boolean':
    case 'regex':
    case 'field':
    case 'variable':
    case 'count':
    case 'reference-list':
      return [];
  }
}

/** An expression with its parts, one level down, changed. */
export function mapParts<Node extends Expression>(
  node: Node,
  change: <Part extends Expression>(part: Part) => Part,
): Node {
  switch (node.kind) {
    case 'all':
    case 'any':
    case 'list':
      return { ...node, of: node.of.map(change) };
    case 'not':
    case 'membership':
    case 'quantified':
      return { ...node, of: change(node.of) };
    case 'call':
      return { ...node, arguments: node.arguments.map(change) };
    case 'arithmetic':
    case 'comparison':
      return { ...node, left: change(node.left), right: change(node.right) };
    default:
      return node;
  }
}

/** All nodes of an expression, itself included. */
export function nodesOf(node: Expression): readonly Expression[] {
  return [node, ...partsOf(node).flatMap(nodesOf)];
}

/** The fields that an expression reads unmodified: those that unnest the lists on their paths. */
export function unmodifiedFields(node: Expression): readonly EventField[] {
  if (node.kind === 'field') return [node];
  if (node.kind === 'quantified') return [];
  if (node.kind === 'call' && node.name === 'arrays.length') return [];
  return partsOf(node).flatMap(unmodifiedFields);
}

/** The event variables that an expression reads, also through the variables in it. */
export function eventsIn(
  node: Expression,
  variables: ReadonlyMap<string, Expression>,
): readonly string[] {
  const events = nodesOf(node).flatMap((part): readonly string[] => {
    if (part.kind === 'field') return [part.event];
    const value = part.kind === 'variable' ? variables.get(part.name) : undefined;
    return value === undefined ? [] : eventsIn(value, variables);
  });
  return [...new Set(events)];
}
