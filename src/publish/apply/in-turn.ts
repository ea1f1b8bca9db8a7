/**
 * Does work on values, several at once, each after those that it needs; they come in an order that has what is needed
 * first. Ends when all is done; what one throws ends it once those under way are through.
 */
export async function inTurn<Value extends { readonly key: string }>(
  values: readonly Value[],
  needs: ReadonlyMap<string, readonly string[]>,
  atOnce: number,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const ends = new Map<string, Promise<void>>();
  const slots = slotsOf(atOnce);
  for (const value of values) {
    // What stands later is needed in a circle: it isn't waited for.
    const before = (needs.get(value.key) ?? []).flatMap((key) => ends.get(key) ?? []);
    const end = Promise.allSettled(before).then(() => slots(() => work(value)));
    // It is looked at below.
    end.catch(() => {});
    ends.set(value.key, end);
  }
  const results = await Promise.allSettled(ends.values());
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Runs at most so many at once, in the order in which they come. */
function slotsOf(count: number): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
