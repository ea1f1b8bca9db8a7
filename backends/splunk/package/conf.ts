import { render } from './conf.hbs.generated.js';
import { isCertain } from './one-line.ts';

/** A section of a configuration file. */
export interface Stanza {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** A key and its value, which may have several lines. */
export type Entry = readonly [key: string, text: string];

/**
 * A configuration file (Admin Manual, "About configuration files"): nothing is escaped in it. A backslash at the end of
 * a line carries a value on, so each line but the last ends in a blank and a backslash. Whether Splunk keeps the line
 * feed behind it or not, a blank stands there.
 */
export function printConf(comments: readonly string[], stanzas: readonly Stanza[]): string {
  const context = {
    comments,
    stanzas: stanzas.map(({ title, entries }, index) => ({
      gap: index + comments.length > 0,
      title: sure(title, isTitle(title)),
      entries: entries.map(([key, text]) => ({
        key: sure(key, /^[\w.]+$/.test(key)),
        value: sure(text, isCertain(text)).replaceAll('\n', ' \\\n'),
      })),
    })),
  };
  return render(context);
}

function isTitle(title: string): boolean {
  return /^[^[\]\n]*$/.test(title) && isCertain(title);
}

/** Who writes a text of which it isn't certain how it is read has made a mistake. */
function sure(text: string, isSo: boolean): string {
  if (isSo) return text;
  throw new Error(`A configuration file can't hold ${JSON.stringify(text)}.`);
}

/** The stanzas of a file that `printConf` wrote, as far as those who changed it since left what it can write. */
export function readConf(text: string): readonly Stanza[] {
  const stanzas: { title: string; entries: Entry[] }[] = [];
  for (const line of text.replaceAll('\r\n', '\n').split(/(?<! \\)\n/)) {
    const [, title] = /^\[(.*)\]$/.exec(line) ?? [];
    if (title !== undefined) stanzas.push({ title, entries: [] });
    const [, key, value = ''] = /^([\w.]+) = (.*)$/s.exec(line) ?? [];
    const lines = value.replaceAll(' \\\n', '\n').split('\n');
    const kept = lines.map((one) => one.trimEnd()).join('\n');
    if (key !== undefined && isCertain(kept)) stanzas.at(-1)?.entries.push([key, kept]);
  }
  return stanzas.filter(({ title }) => isTitle(title));
}
