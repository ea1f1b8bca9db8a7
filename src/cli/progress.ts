/** Tells how far long work is: nothing in the first second, and only on a terminal's standard error. */
export function createProgress(
  what: string,
  total: number,
  quiet: boolean,
): { step(): void; end(): void } {
  const { stderr } = process;
  const on = stderr.isTTY === true && !quiet;
  const start = performance.now();
  let done = 0;
  let shown = 0;
  return {
    step() {
      done += 1;
      const now = performance.now();
      if (!on || now - start < 1000 || now - shown < 100) return;
      shown = now;
      stderr.write(`\r${what} ${done}/${total}`);
    },
    end() {
      if (shown > 0) stderr.write(`\r${' '.repeat(what.length + 24)}\r`);
    },
  };
}
