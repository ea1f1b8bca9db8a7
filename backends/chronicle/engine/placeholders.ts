import { QueryRunError } from '#backend';
import type { Expression, Rule, Variable } from '../ast.ts';
import { nodesOf, partsOf } from './fields-of.ts';

/** An events section taken apart: what placeholders stand for, and what has to hold. */
export interface Placeholders {
  readonly definitions: ReadonlyMap<string, Expression>;
  readonly predicates: readonly Expression[];
}

/**
 * The first `$x = $e.f` (in either order, also of a function of fields) says what `$x` stands for; a
 * further one is a join.
 */
export function placeholdersOf(events: readonly Expression[]): Placeholders {
  const definitions = new Map<string, Expression>();
  const predicates: Expression[] = [];
  for (const predicate of events) {
    const definition = definitionOf(predicate);
    if (definition === undefined || definitions.has(definition.variable.name)) {
      predicates.push(predicate);
    } else definitions.set(definition.variable.name, definition.value);
  }
  return { definitions, predicates };
}

/** What a predicate of the form `$x = $e.f` says `$x` is, in either order. */
export function definitionOf(
  node: Expression,
): { readonly variable: Variable; readonly value: Expression } | undefined {
  if (node.kind !== 'comparison' || node.operator !== '=' || node.nocase) return undefined;
  const { left, right } = node;
  if (left.kind === 'variable' && readsEvent(right)) return { variable: left, value: right };
  if (right.kind === 'variable' && readsEvent(left)) return { variable: right, value: left };
  return undefined;
}

function readsEvent(node: Expression): boolean {
  return nodesOf(node).some(({ kind }) => kind === 'field') && !isQuantified(node);
}

/** Whether lists are tested with `any` or `all`; the condition of an `if` is a predicate of its own. */
function isQuantified(node: Expression): boolean {
  if (node.kind === 'quantified') return true;
  const parts = partsOf(node);
  const values = node.kind === 'call' && node.name === 'if' ? parts.slice(1) : parts;
  return values.some(isQuantified);
}

const maxSize = 10_000;

/** Refuses variables that stand for themselves, or whose expressions grow too big when written out. */
export function checkPlaceholders({ events, outcome }: Rule): void {
  const { definitions } = placeholdersOf(events);
  checkSizes([...definitions, ...outcome.map(({ name, value }) => [name, value] as const)]);
}

function checkSizes(variables: readonly (readonly [string, Expression])[]): void {
  const values = new Map(variables);
  const sizes = new Map<string, number>();
  const sizeOf = (name: string, trail: readonly string[]): number => {
    const known = sizes.get(name);
    const value = values.get(name);
    if (known !== undefined || value === undefined) return known ?? 1;
    if (trail.includes(name)) throw new QueryRunError(`The variable $${name} stands for itself`);
    const inner = nodesOf(value).map((node) =>
      node.kind === 'variable' ? sizeOf(node.name, [...trail, name]) : 1,
    );
    const size = inner.reduce((sum, part) => sum + part, 0);
    if (size > maxSize) throw new QueryRunError(`The expression of $${name} is too big`);
    sizes.set(name, size);
    return size;
  };
  for (const [name] of variables) sizeOf(name, []);
}
