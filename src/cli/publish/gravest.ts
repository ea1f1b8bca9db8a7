import type { ExitCode } from '../exit.ts';

/** The gravest of exit codes. */
export function gravest(...codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((worst, code) => (code > worst ? code : worst), 0);
}
