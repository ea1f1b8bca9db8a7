/** The cells of a list's file (RFC 4180) below the header, one a line; nothing for a text that has more columns or breaks off. */
export function entriesIn(text: string): readonly string[] | undefined {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]+))(?:\r?\n|$)/y;
  const cells: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) return undefined;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
  }
  return cells.length === 0 ? undefined : cells.slice(1);
}
