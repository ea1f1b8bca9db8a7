/** The lines of Markdown that stand in no fence. */
export function withoutFences(markdown: string): readonly string[] {
  let fence = '';
  return markdown.split('\n').filter((line) => {
    const run = /^`{3,}/.exec(line)?.[0] ?? '';
    if (fence === '' && run !== '') fence = run;
    else if (fence !== '' && line === fence) fence = '';
    else return fence === '';
    return false;
  });
}

/** A line of Markdown without code: backslashes escape outside of it, and it ends with as many quotes as it begins. */
export function withoutCode(line: string): string {
  let text = '';
  for (let at = 0; at < line.length; ) {
    const quotes = /^`+/.exec(line.slice(at))?.[0];
    if (quotes === undefined) {
      const size = line[at] === '\\' ? 2 : 1;
      text += line.slice(at, at + size);
      at += size;
      continue;
    }
    const rest = line.slice(at + quotes.length);
    const end = new RegExp(`(?<!\`)${quotes}(?!\`)`).exec(rest)?.index;
    at += end === undefined ? quotes.length : 2 * quotes.length + end;
  }
  return text;
}
