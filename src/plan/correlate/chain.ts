import type { Occurrence, Window } from './types.ts';

/**
 * One event for each member, all different, times in the members' order. For each number of first members
 * the latest start of a chain of theirs is all that has to be known of the past.
 */
export function chainWindow(window: number, members: number): Window {
  const starts = new Array<number>(members + 1).fill(Number.NEGATIVE_INFINITY);
  return (time, arrived) => {
    const events = eventsByMember(arrived, members);
    // Longer chains first: they go on from chains that ended before this time.
    for (let end = members; end > 0; end -= 1) {
      for (let begin = end - 1; begin >= 0; begin -= 1) {
        const start = begin === 0 ? time : (starts[begin] ?? Number.NEGATIVE_INFINITY);
        if (start > (starts[end] ?? 0) && canBeDifferent(events.slice(begin, end)))
          starts[end] = start;
      }
    }
    return (starts[members] ?? Number.NEGATIVE_INFINITY) >= time - window;
  };
}

/** For each member the events that it found; never more than there are members, which is enough to differ. */
function eventsByMember(
  arrived: readonly Occurrence[],
  members: number,
): readonly (readonly Occurrence['identity'][])[] {
  const events = Array.from({ length: members }, (): Occurrence['identity'][] => []);
  for (const { member, identity } of arrived) {
    const list = events[member];
    if (list !== undefined && list.length < members) list.push(identity);
  }
  return events;
}

/** Whether one event can be chosen from each list, all different: an augmenting path for each list. */
function canBeDifferent(lists: readonly (readonly Occurrence['identity'][])[]): boolean {
  const chosenBy = new Map<Occurrence['identity'], number>();
  const choose = (list: number, tried: Set<Occurrence['identity']>): boolean => {
    for (const event of lists[list] ?? []) {
      if (tried.has(event)) continue;
      tried.add(event);
      const other = chosenBy.get(event);
      if (other !== undefined && !choose(other, tried)) continue;
      chosenBy.set(event, list);
      return true;
    }
    return false;
  };
  return lists.every((_, list) => choose(list, new Set()));
}
