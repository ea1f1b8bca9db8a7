import type { ListKind, NamedList } from '#backend';

/** How long a list of a kind may be ("Reference Lists"), in bytes and lines. */
const largest: Readonly<Record<ListKind, { readonly bytes: number; readonly lines: number }>> = {
  string: { bytes: 6_000_000, lines: Number.POSITIVE_INFINITY },
  regex: { bytes: 100_000, lines: 100 },
  cidr: { bytes: 100_000, lines: 150 },
};

/** `ReferenceListEntry.value` of the API; by the page a line may be longer. */
const longestEntry = 512;

/**
 * The entries of a list as lines of a reference list ("Reference Lists"): two slashes begin a comment, and what stands
 * behind a backslash means itself in lists of texts.
 */
export function writtenEntries({ kind, entries }: NamedList): readonly string[] {
  switch (kind) {
    case 'string':
      return entries.map((entry) =>
        entry.replace(/\\/g, '\\\\').replace(/\/{2,}/g, (run) => '\\/'.repeat(run.length)),
      );
    case 'regex':
      return entries.map((entry) =>
        entry.includes('//')
          ? entry.replace(/\\[\s\S]|\//g, (part) => (part === '/' ? '\\/' : part))
          : entry,
      );
    case 'cidr':
      return entries;
  }
}

/** Why Google SecOps can't keep a list, if it can't. */
export function listProblem(list: NamedList): string | undefined {
  const lines = writtenEntries(list);
  const long = lines.findIndex((line) => line.length > longestEntry);
  const most = largest[list.kind];
  if (long !== -1) {
    const start = JSON.stringify(list.entries[long]?.slice(0, 20));
    return `The entry of "${list.name}" that begins with ${start} has more than the ${longestEntry} characters that an entry of a reference list has at most.`;
  }
  if (lines.length > most.lines)
    return `The list "${list.name}" has ${lines.length} entries; a reference list of its kind has at most ${most.lines}.`;
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return bytes > most.bytes
    ? `The list "${list.name}" has ${bytes} bytes; a reference list of its kind has at most ${most.bytes}.`
    : undefined;
}
