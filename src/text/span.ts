/** A half-open range of UTF-16 offsets in the text of one source file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span of nothing at the very start of a file: where a problem concerns the file as a whole. */
export const fileStart: Span = { start: 0, end: 0 };
