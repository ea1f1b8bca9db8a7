import type { Unit } from '../library/units.ts';
import { byCodePoint } from '../text/by-code-point.ts';

/** A rule as it is on each side. */
export interface RulePair {
  readonly base: Unit | undefined;
  readonly head: Unit | undefined;
}

/** A rule of a side with its path below the root. */
interface Placed {
  readonly unit: Unit;
  readonly path: string;
}

/**
 * Which rules of two sides are the same: those of one id, in one file first; without ids those of one name or title.
 * In order of the paths, on the head where they are.
 */
export function matchRules(
  base: readonly Unit[],
  head: readonly Unit[],
  pathOf: { readonly base: (unit: Unit) => string; readonly head: (unit: Unit) => string },
): readonly RulePair[] {
  let before: readonly Placed[] = base.map((unit) => ({ unit, path: pathOf.base(unit) }));
  let after: readonly Placed[] = head.map((unit) => ({ unit, path: pathOf.head(unit) }));
  const pairs: { readonly pair: RulePair; readonly path: string; readonly start: number }[] = [];
  for (const keyOf of keys) {
    const waiting = new Map<string, Placed[]>();
    for (const one of before) {
      const key = keyOf(one);
      if (key !== undefined) waiting.set(key, [...(waiting.get(key) ?? []), one]);
    }
    const taken = new Set<Placed>();
    for (const one of after) {
      const key = keyOf(one);
      const same = key === undefined ? undefined : waiting.get(key)?.shift();
      if (same === undefined) continue;
      const { path, unit } = one;
      const pair = { base: same.unit, head: unit };
      pairs.push({ pair, path, start: unit.rule.span.start });
      taken.add(one).add(same);
    }
    before = before.filter((one) => !taken.has(one));
    after = after.filter((one) => !taken.has(one));
  }
  for (const { unit, path } of after)
    pairs.push({ pair: { base: undefined, head: unit }, path, start: unit.rule.span.start });
  for (const { unit, path } of before)
    pairs.push({ pair: { base: unit, head: undefined }, path, start: unit.rule.span.start });
  return pairs
    .sort(
      (a, b) =>
        byCodePoint(a.path, b.path) ||
        a.start - b.start ||
        Number(a.pair.head === undefined) - Number(b.pair.head === undefined),
    )
    .map(({ pair }) => pair);
}

/** By what rules are known, the surest first. A rule of another id is another rule. */
const keys: readonly ((one: Placed) => string | undefined)[] = [
  ({ unit: { rule }, path }) => rule.id && `${path}\n${rule.id.toLowerCase()}`,
  ({ unit: { rule } }) => rule.id?.toLowerCase(),
  ({ unit: { rule }, path }) => `${path}\n${rule.id ?? ''}\n${rule.name ?? rule.title}`,
  ({ unit: { rule }, path }) => (rule.id === undefined ? `${path}\n${rule.title}` : undefined),
  ({ unit: { rule } }) => (rule.id === undefined ? (rule.name ?? rule.title) : undefined),
  // A rule that was given an id, or lost it.
  ({ unit: { rule }, path }) => `${path}\n${rule.title}`,
];
