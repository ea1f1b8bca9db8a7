import type { Diagnostic, Severity } from '../../diagnostics/diagnostic.ts';
import { codeFrame } from '../../text/frame.ts';
import { positionAt } from '../../text/source-file.ts';
import type { Style } from '../style.ts';

/** Diagnostics for people: what, where, the lines around it, what would be right. */
export function prettyDiagnostics(diagnostics: readonly Diagnostic[], style: Style): string {
  return diagnostics.map((diagnostic) => `${pretty(diagnostic, style)}\n\n`).join('');
}

function pretty({ code, severity, message, at, hint }: Diagnostic, style: Style): string {
  const { line, column } = positionAt(at.file.text, at.span.start);
  const paint: Readonly<Record<Severity, (text: string) => string>> = {
    error: style.red,
    warning: style.yellow,
    note: style.cyan,
  };
  const where = at.file.text === '' ? at.file.path : `${at.file.path}:${line}:${column}`;
  const frame = at.file.text === '' ? [] : [style.dim(codeFrame(at.file.text, at.span))];
  return [
    `${style.bold(where)} ${paint[severity](severity)} ${visible(message)} ${style.dim(code)}`,
    ...frame,
    ...(hint === undefined ? [] : [`  ${visible(hint)}`]),
  ].join('\n');
}

/** Sorted by file, place and code: the order doesn't depend on who found what first. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...diagnostics].sort(
    (a, b) =>
      order(a.at.file.path, b.at.file.path) ||
      a.at.span.start - b.at.span.start ||
      order(a.code, b.code) ||
      order(a.message, b.message),
  );
}

/** Messages quote rules: control characters in them must not reach a terminal. */
function visible(text: string): string {
  return text.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
