import type { Decision } from './decide.ts';

/** A decision about an object, with its key. */
export interface Decided extends Decision {
  readonly key: string;
}

/**
 * The order in which objects are written: what others need before those, what gives up a name before what takes it; then
 * what isn't wanted any more, rules before the lists that they name. Of what goes in a circle the first comes first.
 */
export function inOrder(decided: readonly Decided[]): readonly Decided[] {
  const isGoing = ({ state }: Decided): boolean =>
    state === 'disable' || state === 'delete' || state === 'retired';
  const rank = (one: Decided): number => (!isGoing(one) ? 0 : one.key.startsWith('rule:') ? 1 : 2);
  return afterNeeds(decided.toSorted((a, b) => rank(a) - rank(b)));
}

/** The keys of what has to be written before an object. */
export function needsOf(decided: readonly Decided[]): ReadonlyMap<string, readonly string[]> {
  const holders = new Map(
    decided.flatMap(({ key, seen }) => (seen?.claims ?? []).map((claim) => [claim, key] as const)),
  );
  return new Map(
    decided.map(({ key, goal }) => {
      if (goal?.kind !== 'present') return [key, []];
      const { needs, claims } = goal.object;
      const givers = claims.flatMap((claim) => holders.get(claim) ?? []);
      return [key, [...needs, ...givers].filter((other) => other !== key)];
    }),
  );
}

function afterNeeds(decided: readonly Decided[]): readonly Decided[] {
  const byKey = new Map(decided.map((one) => [one.key, one]));
  const needs = needsOf(decided);
  const ordered: Decided[] = [];
  const met = new Set<string>();
  // Needs are one or two deep (a rule's lists, a name's former holder), chains of names rarely longer.
  const visit = (one: Decided): void => {
    if (met.has(one.key)) return;
    met.add(one.key);
    for (const key of needs.get(one.key) ?? []) {
      const other = byKey.get(key);
      if (other !== undefined) visit(other);
    }
    ordered.push(one);
  };
  for (const one of decided) visit(one);
  return ordered;
}
