import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { TreeChange } from '../../library/built/tree.ts';
import { fileStart } from '../../text/span.ts';

/** Files that aren't what a build would write, as findings at the first line that differs. */
export function staleFindings(changes: readonly TreeChange[]): readonly Diagnostic[] {
  return changes.map(({ path, before, after }) => {
    const file = { path, text: before ?? '' };
    const severity = 'error' as const;
    const hint = 'Run "siemc build" and commit what it changes.';
    if (before === undefined) {
      const message = "A build makes this file, and it isn't here.";
      return { code: 'build/missing', severity, message, hint, at: { file, span: fileStart } };
    }
    if (after === undefined) {
      const message = 'No rule makes this file any more: a build removes it.';
      return { code: 'build/stale', severity, message, hint, at: { file, span: fileStart } };
    }
    const message = 'A build writes something else from this line on.';
    const at = { file, span: firstDifference(before, after) };
    return { code: 'build/changed', severity, message, hint, at };
  });
}

/** The first line of a text that isn't the same in another; the last one where only lines come after it. */
function firstDifference(before: string, after: string): Diagnostic['at']['span'] {
  const common = Math.min(before.length, after.length);
  let at = 0;
  while (at < common && before[at] === after[at]) at += 1;
  if (at > 0 && at === before.length) at -= 1;
  const start = before.lastIndexOf('\n', at - 1) + 1;
  const end = before.indexOf('\n', at);
  return { start, end: end === -1 ? before.length : end };
}
