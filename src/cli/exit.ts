import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** 0 fine, 1 findings or failed tests, 2 misuse or configuration, 3 our bug, 4 the environment. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The exit code that findings ask for: a path that names no rules is misuse, any other error a finding. */
export function exitFor(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ code }) => code === 'file/unreadable' || code === 'file/no-rules')) return 2;
  return errors.length > 0 ? 1 : 0;
}

/** `1 rule`, `2 rules`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Time since a `performance.now()`, for a summary. */
export function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}
