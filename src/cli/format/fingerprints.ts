import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { contentHash } from '../../library/built/hash.ts';
import { lineStarts, positionIn } from '../../text/source-file.ts';
import type { Told } from './outcome.ts';

/**
 * A name for each finding that stays when its lines move: of its code, its file, the text that it is about and how many
 * times the same was found above. Messages aren't in it: some of them count lines.
 */
export function fingerprints({ diagnostics, inRepository }: Told): readonly string[] {
  const seen = new Map<string, number>();
  return diagnostics.map(({ code, at }) => {
    const { file, span } = at;
    const text = file.text.slice(span.start, span.end).split('\n', 1)[0] ?? '';
    const key = JSON.stringify([code, inRepository(file.path), text.trim(), lineAt(at).trim()]);
    const index = seen.get(key) ?? 0;
    seen.set(key, index + 1);
    return contentHash(`${key} ${index}`);
  });
}

/** The line in which a finding begins. */
function lineAt({ file, span }: Diagnostic['at']): string {
  const starts = lineStarts(file);
  const { line } = positionIn(file, span.start);
  return file.text.slice(starts[line - 1], starts[line] ?? file.text.length);
}
