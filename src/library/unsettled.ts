import { type Former, isAmong } from './former.ts';
import { soundOwners, type Unit } from './units.ts';

/**
 * Whether it can't be told now if a rule has queries of its own: a correlation with errors names it, or a
 * file of these `stems`, which have errors, had a correlation that it was a part of.
 */
export function isUnsettled(
  unit: Unit,
  former: readonly Former[],
  stems: readonly string[],
): boolean {
  if (unit.partOf !== undefined) return false;
  if (unit.owners.length > soundOwners(unit).length) return true;
  return former.some(
    (one) => wasBuilt(unit, one) && one.partOf.some((stem) => isAmong(stem, stems)),
  );
}

/** Whether a build's former rule is this one. */
export function wasBuilt({ rule }: Unit, { id, title }: Former): boolean {
  return rule.id === undefined ? title === rule.title : id === rule.id;
}
