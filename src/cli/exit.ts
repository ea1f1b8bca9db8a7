import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** 0 fine, 1 findings or failed tests, 2 misuse or configuration, 3 our bug, 4 the environment. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** What can't be read: a path that names no rules is misuse, a refusal of the system the environment's. */
const special: Readonly<Record<string, ExitCode>> = {
  'file/unreadable': 4,
  'file/not-found': 2,
  'file/no-rules': 2,
};

/** The exit code that findings ask for: the gravest. */
export function exitFor(diagnostics: readonly Diagnostic[]): ExitCode {
  let exit: ExitCode = 0;
  for (const { code, severity } of diagnostics) {
    const own = severity === 'error' ? (special[code] ?? (isOfConfiguration(code) ? 2 : 1)) : 0;
    if (own > exit) exit = own;
  }
  return exit;
}

/** Whether what is wrong is what the configuration says. */
function isOfConfiguration(code: string): boolean {
  return code.startsWith('config/');
}

/** `1 rule`, `2 rules`, `2 queries`. */
export function count(n: number, noun: string): string {
  return `${n} ${n === 1 ? noun : noun.replace(/([^aeiou])y$/, '$1ie').concat('s')}`;
}

/** Time since a `performance.now()`, for a summary. */
export function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}
