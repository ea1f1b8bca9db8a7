import { groupBy } from '../../text/group-by.ts';
import { soundOwners, type Unit } from '../units.ts';
import { type Former, isAmong } from './former.ts';

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
  return formerOf(unit, former).some((one) => one.partOf.some((stem) => isAmong(stem, stems)));
}

type Index = ReadonlyMap<string | undefined, readonly Former[]>;
const indexes = new WeakMap<readonly Former[], { readonly byId: Index; readonly byTitle: Index }>();

/** What a build's former rules are of this one. */
function formerOf(unit: Unit, former: readonly Former[]): readonly Former[] {
  const known = indexes.get(former) ?? {
    byId: groupBy(former, ({ id }) => id),
    byTitle: groupBy(former, ({ title }) => title),
  };
  indexes.set(former, known);
  const { id, title } = unit.rule;
  return (id === undefined ? known.byTitle.get(title) : known.byId.get(id)) ?? [];
}

/** Whether a build's former rule is this one. */
export function wasBuilt({ rule }: Unit, { id, title }: Former): boolean {
  return rule.id === undefined ? title === rule.title : id === rule.id;
}
