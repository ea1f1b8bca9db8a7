import { meets } from '../bounds.ts';
import type { CorrelationCondition, CorrelationPlan } from '../correlation.ts';
import { isSatisfied } from '../presence.ts';
import { chainWindow } from './chain.ts';
import { expiring } from './expiring.ts';
import { slidingSum } from './sliding-sum.ts';
import type { Window } from './types.ts';
import { distinctWindow, numbersOf, percentileWindow } from './value-windows.ts';

/** How to start an empty window of a correlation's condition. */
export function compileWindow({ condition, window, members }: CorrelationPlan): () => Window {
  switch (condition.kind) {
    case 'count':
      return () => countWindow(window, condition);
    case 'distinct':
      return () => distinctWindow(window, condition);
    case 'sum':
    case 'avg':
      return () => sumWindow(window, condition);
    case 'percentile':
      return () => percentileWindow(window, condition);
    case 'members':
      return () =>
        presenceWindow(window, members.length, (present) =>
          meets(condition.bounds, present.filter(Boolean).length),
        );
    case 'presence':
      return () =>
        presenceWindow(window, members.length, (present) =>
          isSatisfied(condition.of, (member) => present[member] === true),
        );
    case 'ordered':
      return () => chainWindow(window, members.length);
  }
}

type OfKind<Kind> = Extract<CorrelationCondition, { readonly kind: Kind }>;

function countWindow(window: number, { bounds }: OfKind<'count'>): Window {
  let count = 0;
  const past = expiring<number>((n) => {
    count -= n;
  });
  return (time, arrived) => {
    past.drop(time - window);
    const added = new Set(arrived.map(({ identity }) => identity)).size;
    past.add(time, added);
    count += added;
    return meets(bounds, count);
  };
}

function sumWindow(window: number, { kind, bounds }: OfKind<'sum' | 'avg'>): Window {
  const values = slidingSum();
  return (time, arrived) => {
    values.drop(time - window);
    for (const value of numbersOf(arrived)) values.add(time, value);
    const { sum, count } = values.total();
    if (kind === 'sum') return meets(bounds, sum);
    return count > 0 && meets(bounds, sum / count);
  };
}

/** When each member last found something is all that counts. */
function presenceWindow(
  window: number,
  members: number,
  holds: (present: readonly boolean[]) => boolean,
): Window {
  const latest = new Array<number>(members).fill(Number.NEGATIVE_INFINITY);
  return (time, arrived) => {
    for (const { member } of arrived) latest[member] = time;
    return holds(latest.map((last) => last >= time - window));
  };
}
