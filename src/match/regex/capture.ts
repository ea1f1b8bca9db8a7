import { RE2JS } from 're2js';

/** What a regular expression found first in a text. */
export interface Captured {
  readonly start: number;
  readonly end: number;
  /** The text of a group by its name or number; nothing if it took no part. */
  group(name: string | number): string | undefined;
}

const known = new Map<string, RE2JS>();
/** Regular expressions come from log sources, of which there are few. */
const kept = 1_024;

/** Texts longer than this are read by no regular expression of a log source. */
const longest = 1_048_576;

/** The first place of a text that a regular expression in RE2's syntax matches, in time linear in the text. */
export function capture(regex: string, text: string): Captured | undefined {
  if (text.length > longest) return undefined;
  const matcher = compiled(regex).matcher(text);
  if (!matcher.find()) return undefined;
  return {
    start: matcher.start(),
    end: matcher.end(),
    group: (name) => matcher.group(name) ?? undefined,
  };
}

/** The names of the groups of a regular expression, and how many groups it has. */
export function groupsOf(regex: string): {
  readonly names: readonly string[];
  readonly count: number;
} {
  const made = compiled(regex);
  return { names: Object.keys(made.namedGroups()), count: made.groupCount() };
}

function compiled(regex: string): RE2JS {
  const before = known.get(regex);
  if (before !== undefined) return before;
  const made = RE2JS.compile(regex);
  const [oldest] = known.keys();
  if (known.size >= kept && oldest !== undefined) known.delete(oldest);
  known.set(regex, made);
  return made;
}
