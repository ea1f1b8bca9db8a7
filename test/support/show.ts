import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { codeFrame } from '../../src/text/frame.ts';
import { positionAt } from '../../src/text/source-file.ts';

/** Diagnostics as people read them: where, code, message, code frame, hint; in the order of the file. */
export function showDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics]
    .sort((a, b) => a.at.span.start - b.at.span.start)
    .map(show)
    .join('\n');
}

function show({ code, severity, message, at: { file, span }, hint }: Diagnostic): string {
  const { line, column } = positionAt(file.text, span.start);
  const lines = [
    `${file.path}:${line}:${column} ${severity} ${code}`,
    message,
    codeFrame(file.text, span),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
  return `${lines.join('\n')}\n`;
}
