import { Document, isCollection, isMap, isPair, isSeq, visit } from 'yaml';
import { visible } from '../../text/visible.ts';
import type { TellingCase } from './tell-apart.ts';

/** A case as it stands in a test file, ready to be pasted behind the cases of that file. */
export function caseText(
  { name, rule, expect, events, lists }: TellingCase,
  testFile: string,
): string {
  const own = lists.map(({ name: list, entries }) => [list, entries] as const);
  const given = {
    name,
    ...(rule !== undefined && { rule }),
    expect,
    ...(own.length > 0 && { lists: Object.fromEntries(own) }),
    events: events.map(plainEvent),
  };
  const document = new Document({ cases: [given] });
  visit(document, {
    Scalar(_, node) {
      // What a terminal doesn't show is written as escapes, which only double quotes have.
      if (typeof node.value === 'string' && visible(node.value) !== node.value)
        node.type = 'QUOTE_DOUBLE';
    },
    Pair(_, { key, value }, path) {
      // An event, a list's entries: one line each.
      const [parent] = path.slice(-1);
      if (!isMap(parent) || !isCollection(value)) return;
      const isEvents = String(key) === 'events' && isSeq(value);
      for (const item of isEvents ? value.items : []) if (isCollection(item)) item.flow = true;
      if (path.some((node) => isPair(node) && String(node.key) === 'lists')) value.flow = true;
    },
  });
  const text = document.toString({
    indent: 4,
    lineWidth: 0,
    singleQuote: true,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  const margin = indentOf(testFile);
  const lines = text.replace(/^cases:\n/, '').split('\n');
  return lines.map((line) => escaped(line.replace(/^ {4}/, margin))).join('\n');
}

/** What stands before the cases of a test file. */
function indentOf(text: string): string {
  const found = /^cases:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)- /m.exec(text);
  return found?.[1] ?? '    ';
}

/** Characters that a terminal doesn't show, which stand in double quotes, as escapes. */
function escaped(line: string): string {
  return line.replace(/./gsu, (one) =>
    visible(one) === one ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A record that stands alone is the event. */
function plainEvent(event: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(event);
  const isAlone = keys.length === 1 && keys[0] === '$record';
  return isAlone && typeof event['$record'] !== 'string' ? event['$record'] : event;
}
