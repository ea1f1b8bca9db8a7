/** What happened lately: items with their times, oldest first. */
export interface Expiring<Item> {
  add(time: number, item: Item): void;
  /** Forgets all that happened before a time. */
  drop(before: number): void;
}

/** An empty queue that tells what it forgets. */
export function expiring<Item>(forget: (item: Item, time: number) => void): Expiring<Item> {
  let times: number[] = [];
  let items: Item[] = [];
  let head = 0;
  return {
    add(time, item) {
      times.push(time);
      items.push(item);
    },
    drop(before) {
      for (; head < times.length && (times[head] ?? 0) < before; head += 1) {
        forget(items[head] as Item, times[head] ?? 0);
      }
      // The front is cut off now and then, so that it costs nothing per item.
      if (head < 1_024 || head * 2 < times.length) return;
      times = times.slice(head);
      items = items.slice(head);
      head = 0;
    },
  };
}
