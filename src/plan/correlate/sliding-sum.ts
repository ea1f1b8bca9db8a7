/** The numbers of a window that slides, and their sum. */
export interface SlidingSum {
  add(time: number, value: number): void;
  /** Forgets the numbers from before a time. */
  drop(before: number): void;
  total(): { readonly sum: number; readonly count: number };
}

interface Entry {
  readonly time: number;
  readonly value: number;
  /** The sum of the value and of all newer ones among the older numbers. */
  readonly sum: number;
}

/**
 * Nothing is ever subtracted, which would leave behind what rounding took from a large number that has gone:
 * the older numbers have their sums from the newest on, the newer ones are summed as they come.
 */
export function slidingSum(): SlidingSum {
  let older: Entry[] = [];
  let newer: { readonly time: number; readonly value: number }[] = [];
  let sumOfNewer = 0;
  const turn = (): void => {
    let sum = 0;
    older = newer.reverse().map(({ time, value }) => {
      sum += value;
      return { time, value, sum };
    });
    newer = [];
    sumOfNewer = 0;
  };
  return {
    add(time, value) {
      newer.push({ time, value });
      sumOfNewer += value;
    },
    drop(before) {
      for (;;) {
        if (older.length === 0) {
          if ((newer[0]?.time ?? before) >= before) return;
          turn();
        }
        if ((older.at(-1)?.time ?? before) >= before) return;
        older.pop();
      }
    },
    total: () => ({
      sum: (older.at(-1)?.sum ?? 0) + sumOfNewer,
      count: older.length + newer.length,
    }),
  };
}
