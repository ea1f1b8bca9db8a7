import type { DestinationProblem } from '../../publish/report/view.ts';
import { visible } from '../../text/visible.ts';
import type { Context } from '../context.ts';

/** Tells people at which destinations the work stopped, why, and what would be right. */
export function tellProblems(
  { err, logText }: Context,
  problems: readonly DestinationProblem[],
): void {
  for (const { destination, code, message, hint } of problems) {
    const head = `${err.bold(visible(destination))} ${err.red('error')} ${visible(message)} ${err.dim(code)}`;
    const right = hint === undefined ? '' : `  ${visible(hint)}\n`;
    process.stderr.write(logText(`${head}\n${right}\n`));
  }
}
