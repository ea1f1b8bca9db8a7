import { positionAt } from './source-file.ts';
import type { Span } from './span.ts';

const widest = 100;

/** The lines around a span with a caret run below it, as people expect from a compiler. */
export function codeFrame(text: string, span: Span): string {
  const { line, column } = positionAt(text, span.start);
  const lines = text.split(/\r?\n/);
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  const gutter = String(last).length;
  const shown: string[] = [];
  for (let n = first; n <= last; n += 1) {
    const cut = clip(printable(lines[n - 1] ?? ''), n === line ? column : 1);
    const mark = n === line ? '>' : ' ';
    shown.push(`${mark} ${String(n).padStart(gutter)} | ${cut.text}`.trimEnd());
    if (n === line) {
      const rest = (lines[n - 1] ?? '').length - column + 1;
      const run = Math.max(1, Math.min(span.end - span.start, rest, widest - cut.column + 1));
      shown.push(`  ${' '.repeat(gutter)} | ${' '.repeat(cut.column - 1)}${'^'.repeat(run)}`);
    }
  }
  return shown.join('\n');
}

/** Control characters would move the cursor of a terminal: each is shown as one visible character. */
function printable(line: string): string {
  return line.replaceAll('\t', ' ').replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function clip(line: string, column: number): { text: string; column: number } {
  if (line.length <= widest) return { text: line, column };
  const from = Math.max(0, Math.min(column - 1 - widest / 2, line.length - widest));
  const text = line.slice(from, from + widest);
  const left = from > 0 ? '…' : '';
  const right = from + widest < line.length ? '…' : '';
  return { text: left + text + right, column: column - from + left.length };
}
