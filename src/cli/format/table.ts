import { visible } from '../../text/visible.ts';

/** Columns of text, each as wide as its widest cell but at most 60 characters. */
export function formatTable(
  names: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (names.length === 0) return 'no columns\n';
  const heads = names.map(visible);
  const widths = heads.map((name, i) => {
    let width = Math.max(name.length, 1);
    for (const row of rows) width = Math.max(width, (row[i] ?? '').length);
    return Math.min(60, width);
  });
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => clip(cell, widths[i] ?? 1).padEnd(widths[i] ?? 1))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const lines = [line(heads), rule, ...rows.map(line)];
  return `${lines.join('\n')}\n${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`;
}

/** A value as one line of text; control characters are shown, not sent to the terminal. */
export function plainCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text =
    typeof value === 'object'
      ? JSON.stringify(value, (_, inner: unknown) =>
          typeof inner === 'bigint' ? inner.toString() : inner,
        )
      : String(value);
  return visible(text);
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
