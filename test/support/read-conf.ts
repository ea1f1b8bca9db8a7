/** A section of a Splunk configuration file: its keys and values, in their order. */
export interface ConfStanza {
  readonly title: string;
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * What becomes of a line that a backslash carries on, as documentation leaves it open: the line feed is kept (as
 * Splunk's AppInspect reads), is dropped, or is dropped with the white space around it.
 */
export const continuations = ['kept', 'dropped', 'trimmed'] as const;

/** One of these readings. */
export type Continuation = (typeof continuations)[number];

const join: Readonly<Record<Continuation, (line: string, next: string) => string>> = {
  kept: (line, next) => `${line}\n${next}`,
  dropped: (line, next) => `${line}${next}`,
  trimmed: (line, next) => `${line.trimEnd()} ${next.trimStart()}`,
};

/**
 * Reads a configuration file by the rules of the Admin Manual ("About configuration files") and of AppInspect's reader,
 * and refuses what these leave open: a comment, a stanza or nothing within a value, white space behind the backslash,
 * a key or a stanza that stands twice, text outside of stanzas.
 */
export function readConfFile(
  text: string,
  continuation: Continuation = 'kept',
): readonly ConfStanza[] {
  const stanzas: { title: string; entries: Map<string, string> }[] = [];
  for (const item of itemsOf(text, continuation)) {
    if (/^\s*([#;]|$)/.test(item)) continue;
    if (/^\s*\[/.test(item)) {
      const title = titleOf(item);
      if (stanzas.some((other) => other.title.toLowerCase() === title.toLowerCase()))
        refuse('a stanza stands twice', item);
      stanzas.push({ title, entries: new Map() });
      continue;
    }
    const [, key = '', value = ''] = /^\s*([^\s=]+)\s*=([\s\S]*)$/.exec(item) ?? [];
    const entries = stanzas.at(-1)?.entries;
    if (key === '' || entries === undefined || entries.has(key)) return refuse('no setting', item);
    entries.set(key, value.trim());
  }
  return stanzas;
}

function titleOf(item: string): string {
  const title = item.slice(item.indexOf('[') + 1, item.lastIndexOf(']'));
  return !item.endsWith(']') || /[[\]]/.test(title) ? refuse('no stanza', item) : title;
}

/** The lines of a file, with those that belong together as one. */
function itemsOf(text: string, continuation: Continuation): readonly string[] {
  if (!text.endsWith('\n') || text.endsWith('\\\n')) refuse('the file ends within a line', text);
  const items: string[] = [];
  let open: string | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    checkLine(line, open !== undefined);
    const isOpen = line.endsWith('\\');
    const own = isOpen ? line.slice(0, -1) : line;
    const whole: string = open === undefined ? own : join[continuation](open, own);
    open = isOpen ? whole : undefined;
    if (!isOpen) items.push(whole);
  }
  return items;
}

function checkLine(line: string, isWithin: boolean): void {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(line)) refuse('a control character', line);
  if (isWithin && /^\s*($|[#;[])/.test(line)) refuse('unclear within a value', line);
  if (/\\\s+$/.test(line)) refuse('white space behind a backslash', line);
  if (line.endsWith('\\\\')) refuse('two backslashes at the end', line);
}

function refuse(why: string, line: string): never {
  throw new Error(`${why}: ${JSON.stringify(line)}`);
}
