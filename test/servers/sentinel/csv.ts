/** The rows of a CSV or TSV text (RFC 4180), each with its fields; empty lines are none. */
export function rowsOf(text: string, separator: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`,
    'y',
  );
  while (field.lastIndex <= text.length) {
    const found = field.exec(text);
    if (found === null) break;
    const [whole, quoted, plain = '', end = ''] = found;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== separator) {
      if (row.some((value) => value !== '')) rows.push(row);
      row = [];
    }
    // The end of the text.
    if (whole === '' || end === '') break;
  }
  return rows;
}
