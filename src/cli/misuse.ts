import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ExitCode } from './exit.ts';

/** Why a command can't begin: a mistake in the call or the configuration, or a refusal of the system. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly exit: ExitCode;
  /** What was found until then, which people have been told. */
  readonly diagnostics: readonly Diagnostic[];
  constructor(message: string, exit: 2 | 4 = 2, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.exit = exit;
    this.diagnostics = diagnostics;
  }
}
