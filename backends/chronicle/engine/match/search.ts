import { QueryRunError } from '#backend';
import type { Match } from '../../ast.ts';
import type { Readings } from '../readings.ts';
import type { Value } from '../value.ts';
import type { Candidate, Finder } from './candidates.ts';
import { fixedWindows, type Span, slidingWindow, within } from './windows.ts';

/** Candidates of all variables in one window, and the pivot event of a sliding one. */
export interface Found {
  readonly span: Span;
  readonly lists: readonly (readonly Candidate[])[];
  readonly hit: number | undefined;
  /** Match variables whose values all candidates that have them share. */
  readonly settled: ReadonlyMap<string, Value>;
}

/** Finds the windows of a rule. */
export type Search = (found: readonly (readonly Candidate[])[]) => Iterable<Found>;

/** How the windows of a match section are found. */
export function searchOf(match: Match, finders: readonly Finder[], readings: Readings): Search {
  const { window } = match;
  if (window === undefined) throw new QueryRunError('The match section of a rule needs a window');
  const { pivot } = window;
  if (pivot !== undefined) {
    const slot = finders.findIndex(({ event }) => event === pivot.event);
    const spanOf = slidingWindow(window, pivot, readings);
    return (found) => slidingGroups(finders, slot, spanOf, found);
  }
  // Only for its checks: an invalid duration is told without events too.
  fixedWindows(window, [], readings);
  return (found) => fixedGroups(window, found, readings);
}

const nothing: ReadonlyMap<string, Value> = new Map();

function* fixedGroups(
  window: NonNullable<Match['window']>,
  found: readonly (readonly Candidate[])[],
  readings: Readings,
): Iterable<Found> {
  const times = [...new Set(found.flat().map(({ time }) => time))].sort((a, b) => a - b);
  for (const span of fixedWindows(window, times, readings)) {
    yield {
      span,
      lists: found.map((list) => within(list, span)),
      hit: undefined,
      settled: nothing,
    };
  }
}

/**
 * A window for each pivot event and each group that it is in; others are looked up by what they share. The
 * pivot variable stands for that event only: "$alert is the pivot; the 5-minute window ends at the $alert
 * timestamp" ("Match section syntax").
 */
function* slidingGroups(
  finders: readonly Finder[],
  slot: number,
  spanOf: (time: number) => Span,
  found: readonly (readonly Candidate[])[],
): Iterable<Found> {
  const own = finders[slot]?.links ?? [];
  const indexes = finders.map(({ links }, other) => {
    const shared = links.filter((name) => own.includes(name));
    return { shared, byKey: byLinks(found[other] ?? [], shared) };
  });
  const pivots = byLinks(found[slot] ?? [], own, ({ index }) => String(index));
  const ordered = [...pivots.values()].sort(([a], [b]) => (a?.index ?? 0) - (b?.index ?? 0));
  for (const copies of ordered) {
    const [one] = copies;
    if (one === undefined) continue;
    const span = spanOf(one.time);
    const lists = indexes.map(({ shared, byKey }, other) =>
      other === slot ? copies : within(byKey.get(linkKey(one, shared)) ?? [], span),
    );
    const settled = new Map([...one.links].map(([name, { value }]) => [name, value]));
    yield { span, lists, hit: one.index, settled };
  }
}

function byLinks(
  list: readonly Candidate[],
  names: readonly string[],
  more: (one: Candidate) => string = () => '',
): ReadonlyMap<string, readonly Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const one of list) {
    const key = `${more(one)} ${linkKey(one, names)}`.trimStart();
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return groups;
}

function linkKey({ links }: Candidate, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => links.get(name)?.key));
}

/** The events of one group in one window, and the values of its match variables. */
export interface MatchGroup {
  readonly values: readonly Value[];
  readonly lists: readonly (readonly Candidate[])[];
}

/** The groups of a window: "one row is returned for each unique set of match variables". */
export function groupsOf(
  variables: readonly string[],
  { lists, settled }: Found,
  isBounded: readonly boolean[],
  finders: readonly Finder[],
): readonly MatchGroup[] {
  let groups: readonly MatchGroup[] = [{ values: [], lists }];
  for (const name of variables) {
    const known = settled.get(name);
    if (known !== undefined) {
      groups = groups.map((group) => ({ ...group, values: [...group.values, known] }));
      continue;
    }
    const slots = finders.flatMap(({ links }, slot) => (links.includes(name) ? [slot] : []));
    const first = slots.find((slot) => isBounded[slot]) ?? slots[0] ?? 0;
    groups = groups.flatMap((group) => {
      const parts = group.lists.map((list, slot) =>
        slots.includes(slot) ? byLinks(list, [name]) : undefined,
      );
      return [...(parts[first] ?? [])].map(([key, [one]]) => ({
        values: [...group.values, one?.links.get(name)?.value ?? ''],
        lists: group.lists.map((list, slot) => {
          const part = parts[slot];
          return part === undefined ? list : (part.get(key) ?? []);
        }),
      }));
    });
  }
  return groups;
}
