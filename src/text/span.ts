import type { SourceFile } from './source-file.ts';

/** A half-open range of UTF-16 offsets in the text of one source file. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** The file, where it isn't the one that the context is about: a filter's tests stand in another than the rule's. */
  readonly file?: SourceFile;
}

/** From the start of one span to the end of another; without the other where that stands in another file. */
export function joinSpans(from: Span, to: Span): Span {
  return from.file === to.file ? { ...from, end: Math.max(from.end, to.end) } : from;
}

/** The span of nothing at the very start of a file: where a problem concerns the file as a whole. */
export const fileStart: Span = { start: 0, end: 0 };
