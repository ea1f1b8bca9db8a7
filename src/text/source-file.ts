/** A text with a name that people recognise: a path relative to where they work. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** What stands there, where people have to be told that too with whatever is wrong with it. */
  readonly about?: string;
}

/** A place as editors count it: line and column from 1, the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const known = new WeakMap<SourceFile, readonly number[]>();

/** Where each line of a file begins, found once for each file; a CR LF pair ends one line. */
export function lineStarts(file: SourceFile): readonly number[] {
  let starts = known.get(file);
  if (starts === undefined) {
    starts = findLineStarts(file.text);
    known.set(file, starts);
  }
  return starts;
}

/** Where an offset lies in a file. */
export function positionIn(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  const at = Math.min(offset, file.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** Where an offset lies in a text; for many offsets of one file, `positionIn` is faster. */
export function positionAt(text: string, offset: number): Position {
  return positionIn({ path: '', text }, offset);
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}
