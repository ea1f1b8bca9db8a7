const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until `letGo` the first signal asks to stop after what is under way; a second one ends the process as always. */
export function stoppable(tell: (text: string) => void): {
  readonly signal: AbortSignal;
  letGo(): void;
} {
  const stop = new AbortController();
  const letGo = (): void => {
    for (const signal of signals) process.off(signal, ask);
  };
  const ask = (): void => {
    letGo();
    tell('Stops after the requests that are under way; once more stops at once.\n');
    stop.abort();
  };
  for (const signal of signals) process.on(signal, ask);
  return { signal: stop.signal, letGo };
}
