import type { Diagnostic, Severity } from '../../diagnostics/diagnostic.ts';
import { frameIn } from '../../text/frame.ts';
import { positionIn } from '../../text/source-file.ts';
import { visible } from '../../text/visible.ts';
import type { Style } from '../style.ts';

/** How often people are told the same of one file; JSON has all. */
const most = 100;

/** Diagnostics for people: what, where, the lines around it, what would be right. */
export function prettyDiagnostics(diagnostics: readonly Diagnostic[], style: Style): string {
  const same = new Map<string, number>();
  const shown = diagnostics.map((diagnostic) => {
    const { code, at } = diagnostic;
    const key = `${code} ${at.file.path}`;
    const seen = (same.get(key) ?? 0) + 1;
    same.set(key, seen);
    return seen > most ? '' : `${pretty(diagnostic, style)}\n\n`;
  });
  const rest = [...same].map(([key, n]) => {
    const [code = '', ...path] = key.split(' ');
    if (n <= most) return '';
    const more = (n - most).toLocaleString('en-US');
    return `${style.bold(visible(path.join(' ')))} and ${more} more of the same ${style.dim(code)}\n\n`;
  });
  return [...shown, ...rest].join('');
}

function pretty({ code, severity, message, at, hint }: Diagnostic, style: Style): string {
  const { line, column } = positionIn(at.file, at.span.start);
  const paint: Readonly<Record<Severity, (text: string) => string>> = {
    error: style.red,
    warning: style.yellow,
    note: style.cyan,
  };
  const path = visible(at.file.path);
  const where = at.file.text === '' ? path : `${path}:${line}:${column}`;
  const frame = at.file.text === '' ? [] : [style.dim(frameIn(at.file, at.span))];
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
