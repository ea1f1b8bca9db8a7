import type { Unit } from './units.ts';

/** The rules of a rule's own file that are written for it alone: parts of it, and parts of these. */
export function partsBeside(unit: Unit, units: readonly Unit[]): readonly Unit[] {
  const beside = units.filter(
    ({ path, partOf }) => partOf !== undefined && path.path === unit.path.path,
  );
  const parts = new Set<Unit>();
  const waiting = [unit];
  for (let owner = waiting.pop(); owner !== undefined; owner = waiting.pop()) {
    const { title } = owner.rule;
    const own = beside.filter((one) => one.owners.some((other) => other.title === title));
    for (const part of own.filter((one) => !parts.has(one))) {
      parts.add(part);
      waiting.push(part);
    }
  }
  return [...parts];
}
