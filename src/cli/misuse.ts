import type { ExitCode } from './exit.ts';

/** Why a command can't begin: a mistake in the call or the configuration, or a refusal of the system. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly exit: ExitCode;
  constructor(message: string, exit: 2 | 4 = 2) {
    super(message);
    this.exit = exit;
  }
}
