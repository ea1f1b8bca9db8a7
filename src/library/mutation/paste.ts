import { Document, isCollection, isMap, isPair, isSeq, visit } from 'yaml';
import type { TellingCase } from './tell-apart.ts';

/** A case as it stands in a test file, ready to be pasted under `cases`. */
export function caseText({ name, rule, expect, events, lists }: TellingCase): string {
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
    Pair(_, { key, value }, path) {
      // An event, a list's entries: one line each.
      const [parent] = path.slice(-1);
      if (!isMap(parent) || !isCollection(value)) return;
      const isEvents = String(key) === 'events' && isSeq(value);
      for (const item of isEvents ? value.items : []) if (isCollection(item)) item.flow = true;
      if (path.some((node) => isPair(node) && String(node.key) === 'lists')) value.flow = true;
    },
  });
  const text = document.toString({ indent: 4, lineWidth: 0, singleQuote: true });
  return text.replace(/^cases:\n/, '');
}

/** A record that stands alone is the event. */
function plainEvent(event: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(event);
  const isAlone = keys.length === 1 && keys[0] === '$record';
  return isAlone && typeof event['$record'] !== 'string' ? event['$record'] : event;
}
