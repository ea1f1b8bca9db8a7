import { CommanderError } from 'commander';
import { show } from '../library/paths.ts';
import { reason } from '../library/read-file.ts';
import { visible } from '../text/visible.ts';
import type { ExitCode } from './exit.ts';
import { logTextFor } from './format/log-text.ts';
import { Misuse } from './misuse.ts';

/** What the system refused, with the path that the user knows. */
function systemProblem(error: Error): string {
  const { dest, path } = error as { dest?: unknown; path?: unknown };
  const name = [dest, path].find((one) => typeof one === 'string');
  return name === undefined ? error.message : `"${show(process.cwd(), name)}": ${reason(error)}.`;
}

/** Tells what went wrong, without a stack trace, and gives the exit code for it. */
export function explainError(error: unknown): ExitCode {
  const logText = logTextFor(process.env);
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Misuse) {
    process.stderr.write(logText(`siemc: ${visible(error.message)}\n`));
    return error.exit;
  }
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    process.stderr.write(logText(`siemc: ${visible(systemProblem(error))}\n`));
    return 4;
  }
  const message = visible(error instanceof Error ? error.message : String(error));
  process.stderr.write(
    `siemc: a bug in siemc: ${message}\nPlease report it with the command and the files that cause it.\n`,
  );
  if (process.env['SIEMC_DEBUG'] && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return 3;
}
