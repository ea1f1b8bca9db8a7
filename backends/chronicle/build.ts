import type { All, Any, Call, Comparison, EventField, Expression, PathStep } from './ast.ts';
import { eventVariable } from './identifiers.ts';

/** A predicate, or its truth value where that is the same for every event. */
export type Truth = Expression | boolean;

/** All parts hold; what is asked twice is said once. */
export function allOf(parts: readonly Truth[]): Truth {
  return once('all', join('all', parts));
}

/** Some part holds; what is asked twice is said once. */
export function anyOf(parts: readonly Truth[]): Truth {
  return once('any', join('any', parts));
}

function once(kind: 'all' | 'any', joined: Truth): Truth {
  if (typeof joined === 'boolean' || joined.kind !== kind) return joined;
  const different = new Map(joined.of.map((part) => [JSON.stringify(part), part]));
  return different.size === joined.of.length ? joined : join(kind, [...different.values()]);
}

/** The part doesn't hold; of an equality that isn't about a list, the other operator says it. */
export function notOf(part: Truth): Truth {
  if (typeof part === 'boolean') return !part;
  if (part.kind === 'not') return part.of;
  if (part.kind === 'comparison' && part.left.kind !== 'quantified') {
    if (part.operator === '=') return { ...part, operator: '!=' };
    if (part.operator === '!=') return { ...part, operator: '=' };
  }
  return { kind: 'not', of: part };
}

/** A field of the rule's event. */
export function field(path: readonly PathStep[]): EventField {
  return { kind: 'field', event: eventVariable, path };
}

/** A comparison of an operand with another. */
export function compare(
  operator: Comparison['operator'],
  left: Expression,
  right: Expression,
): Comparison {
  return { kind: 'comparison', operator, left, right, nocase: false };
}

/** A call of a function. */
export function call(name: string, ...list: readonly Expression[]): Call {
  return { kind: 'call', name, arguments: list, nocase: false };
}

/** A string literal. */
export function string(value: string): Expression {
  return { kind: 'string', value };
}

/** A whole number; a negative one is a difference, as the documentation advises. */
export function integer(value: number): Expression {
  const text = BigInt(Math.abs(value)).toString();
  const magnitude: Expression = { kind: 'number', text };
  return value < 0
    ? { kind: 'arithmetic', operator: '-', left: { kind: 'number', text: '0' }, right: magnitude }
    : magnitude;
}

function join(kind: 'all' | 'any', parts: readonly Truth[]): Truth {
  const absorbing = kind === 'any';
  const of: Expression[] = [];
  for (const part of parts) {
    if (part === absorbing) return absorbing;
    if (typeof part === 'boolean') continue;
    if (part.kind === kind) for (const inner of part.of) of.push(inner);
    else of.push(part);
  }
  const [only] = of;
  if (only === undefined) return !absorbing;
  return of.length === 1 ? only : ({ kind, of } satisfies All | Any);
}
