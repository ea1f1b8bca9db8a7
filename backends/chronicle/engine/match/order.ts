import type { Expression } from '../../ast.ts';
import { printExpression } from '../../print.ts';
import type { Candidate } from './candidates.ts';
import { firstIndex } from './windows.ts';

/** That the seconds of one slot's event are at least so many more than those of another's. */
export interface Order {
  readonly first: number;
  readonly second: number;
  readonly least: number;
}

/**
 * The order that a comparison of two events' `metadata.event_timestamp.seconds` asks for, or of their
 * difference with a whole number: the second's are at least so many more than the first's.
 */
export function orderOf(node: Expression, slots: ReadonlyMap<string, number>): Order | undefined {
  if (node.kind !== 'comparison' || node.operator === '=' || node.operator === '!=')
    return undefined;
  const isUpper = node.operator.startsWith('<');
  const [low, high] = isUpper ? [node.left, node.right] : [node.right, node.left];
  const gap = node.operator.endsWith('=') ? 0 : 1;
  if (low.kind === 'arithmetic' && low.operator === '-' && high.kind === 'number') {
    // a - b <= n: b is at least a - n.
    const most = Number(high.text);
    return Number.isInteger(most) ? between(low.left, low.right, gap - most, slots) : undefined;
  }
  return between(low, high, gap, slots);
}

function between(
  low: Expression,
  high: Expression,
  least: number,
  slots: ReadonlyMap<string, number>,
): Order | undefined {
  const [first, second] = [slotOf(low, slots), slotOf(high, slots)];
  if (first === undefined || second === undefined || first === second) return undefined;
  return { first, second, least };
}

function slotOf(node: Expression, slots: ReadonlyMap<string, number>): number | undefined {
  if (node.kind !== 'field') return undefined;
  const isTime = printExpression(node) === `$${node.event}.metadata.event_timestamp.seconds`;
  return isTime ? slots.get(node.event) : undefined;
}

const secondOf = (time: number): number => Math.floor(time / 1000);

/** The part of a slot's list that its order to the events of other slots allows. */
export function allowedBy(
  orders: readonly Order[],
  slot: number,
  list: readonly Candidate[],
  assigned: readonly (Candidate | undefined)[],
): readonly Candidate[] {
  let [from, to] = [0, list.length];
  for (const { first, second, least } of orders) {
    const other = assigned[slot === second ? first : second];
    if ((slot !== first && slot !== second) || other === undefined) continue;
    const bound = secondOf(other.time);
    if (slot === second) {
      const index = firstIndex(list, (time) => secondOf(time) >= bound + least);
      from = Math.max(from, index);
    } else
      to = Math.min(
        to,
        firstIndex(list, (time) => secondOf(time) > bound - least),
      );
  }
  return from === 0 && to === list.length ? list : list.slice(from, Math.max(from, to));
}
