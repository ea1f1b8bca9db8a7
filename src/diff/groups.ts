import { unifiedDiff } from '../library/diff.ts';
import { type Edit, editsOf } from './edits.ts';
import type { EditGroup, QueryDiff, RuleRef } from './model.ts';

/** A query that is there on both sides, or on one. */
export interface QueryPair {
  readonly rule: RuleRef;
  readonly destination: string;
  readonly language: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs in queries, each in its place, and what several of them have alike. */
export interface Grouped {
  readonly queries: readonly QueryDiff[];
  readonly groups: readonly EditGroup[];
}

interface Edited {
  readonly pair: QueryPair;
  readonly edits: readonly Edit[];
}

/**
 * Finds edits that occur alike in two queries of a destination or more. Those that the same queries have are one group,
 * the group of most queries first.
 */
export function groupEdits(pairs: readonly QueryPair[]): Grouped {
  const edited = pairs.map((pair): Edited => {
    const { before, after } = pair;
    const isOnBoth = before !== undefined && after !== undefined;
    return { pair, edits: isOnBoth ? editsOf(before, after) : [] };
  });
  const shared = sharedEdits(edited);
  const bySet = new Map<string, string[]>();
  for (const [key, places] of shared) {
    const set = places.join(' ');
    bySet.set(set, [...(bySet.get(set) ?? []), key]);
  }
  const sets = [...bySet].sort(([a], [b]) => b.split(' ').length - a.split(' ').length);
  const groupOf = new Map(sets.flatMap(([, keys], index) => keys.map((key) => [key, index])));
  const queries = edited.map(({ pair, edits }): QueryDiff => {
    const { destination, language, before, after } = pair;
    const told = edits.map(({ key, ...edit }) => ({
      ...edit,
      group: groupOf.get(keyOn(destination, key)),
    }));
    return { destination, language, before, after, edits: told };
  });
  const groups = sets.map(([set, keys]) =>
    groupAt(
      set.split(' ').flatMap((place) => edited[Number(place)] ?? []),
      new Set(keys),
    ),
  );
  return { queries, groups };
}

/** The places of the queries that have an edit, for each that several have. */
function sharedEdits(edited: readonly Edited[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { pair, edits }] of edited.entries()) {
    for (const key of new Set(edits.map((edit) => keyOn(pair.destination, edit.key))))
      places.set(key, [...(places.get(key) ?? []), place]);
  }
  return new Map([...places].filter(([, some]) => some.length > 1));
}

function keyOn(destination: string, key: string): string {
  return `${destination} ${key}`;
}

/** The queries of a group, with the one that has the fewest other edits as its example. */
function groupAt(members: readonly Edited[], keys: ReadonlySet<string>): EditGroup {
  const [first] = members;
  if (first === undefined) throw new Error('A group has no queries.');
  const isOf = ({ pair, edits }: Edited): readonly Edit[] =>
    edits.filter(({ key }) => keys.has(keyOn(pair.destination, key)));
  const { pair, edits } = members.reduce((best, one) =>
    one.edits.length < best.edits.length ? one : best,
  );
  const own = isOf({ pair, edits });
  const distinct = new Map(isOf(first).map((edit) => [edit.key, edit]));
  return {
    destination: pair.destination,
    edits: [...distinct.values()].map(({ removed, added }) => ({ removed, added })),
    rules: members.map((member) => member.pair.rule),
    example: {
      rule: pair.rule,
      language: pair.language,
      lines: linesWith(pair.before ?? '', pair.after ?? '', own),
    },
  };
}

/** The lines of a unified diff as far as they show some edits; hunks without any are left out. */
export function linesWith(
  before: string,
  after: string,
  edits: readonly Pick<Edit, 'linesBefore' | 'linesAfter'>[],
): readonly string[] {
  const hunks: string[][] = [];
  for (const line of unifiedDiff(before, after)) {
    if (line.startsWith('@@')) hunks.push([]);
    hunks.at(-1)?.push(line);
  }
  return hunks.filter(([head = '']) => edits.some((edit) => touches(head, edit))).flat();
}

function touches(head: string, edit: Pick<Edit, 'linesBefore' | 'linesAfter'>): boolean {
  const [, from = 0, count = 0, start = 0, size = 0] =
    /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@/.exec(head)?.map(Number) ?? [];
  const meets = (range: Edit['linesBefore'], first: number, length: number): boolean =>
    range.start < first - 1 + length && Math.max(range.end, range.start + 1) > first - 1;
  return meets(edit.linesBefore, from, count) || meets(edit.linesAfter, start, size);
}
