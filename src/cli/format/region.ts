import type { Place } from '../../diagnostics/diagnostic.ts';
import { positionIn } from '../../text/source-file.ts';

/** Lines and columns of a span, from 1; the end column is the first that is no longer meant. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a span stands; nothing where a finding is about a file as a whole, whose text nobody has. */
export function regionOf({ file, span }: Place): Region | undefined {
  if (file.text === '') return undefined;
  const start = positionIn(file, span.start);
  const end = positionIn(file, Math.max(span.start, span.end));
  // A span that ends with a line feed ends in its line, not at the start of the next one.
  const stop = end.column === 1 && end.line > start.line ? positionIn(file, span.end - 1) : end;
  return { ...start, endLine: stop.line, endColumn: stop.column };
}
