import { lineStarts, positionIn, type SourceFile } from './source-file.ts';
import type { Span } from './span.ts';
import { visible } from './visible.ts';

const widest = 100;

/** The lines of a file around a span with a caret run below it, as people expect from a compiler. */
export function frameIn(file: SourceFile, span: Span): string {
  const { line, column } = positionIn(file, span.start);
  const first = Math.max(1, line - 1);
  const last = Math.min(lineStarts(file).length, line + 1);
  const gutter = String(last).length;
  const shown: string[] = [];
  for (let n = first; n <= last; n += 1) {
    const text = lineOf(file, n);
    const cut = clip(printable(text), n === line ? column : 1);
    const mark = n === line ? '>' : ' ';
    shown.push(`${mark} ${String(n).padStart(gutter)} | ${cut.text}`.trimEnd());
    if (n === line) {
      const rest = text.length - column + 1;
      const run = Math.max(1, Math.min(span.end - span.start, rest, widest - cut.column + 1));
      shown.push(`  ${' '.repeat(gutter)} | ${' '.repeat(cut.column - 1)}${'^'.repeat(run)}`);
    }
  }
  return shown.join('\n');
}

/** The same for a text; for many spans of one file, `frameIn` is faster. */
export function codeFrame(text: string, span: Span): string {
  return frameIn({ path: '', text }, span);
}

function lineOf(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const end = starts[line] ?? file.text.length + 1;
  return file.text.slice(starts[line - 1] ?? 0, end - 1).replace(/\r$/, '');
}

function printable(line: string): string {
  return visible(line.replaceAll('\t', ' '));
}

function clip(line: string, column: number): { text: string; column: number } {
  if (line.length <= widest) return { text: line, column };
  const from = Math.max(0, Math.min(column - 1 - widest / 2, line.length - widest));
  const text = line.slice(from, from + widest);
  const left = from > 0 ? '…' : '';
  const right = from + widest < line.length ? '…' : '';
  return { text: left + text + right, column: column - from + left.length };
}
