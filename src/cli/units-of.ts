import type { RulePath } from '../library/discover.ts';
import { loadUnits, type Unit, withVariants } from '../library/units.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Tuning } from '../rule/tune.ts';
import type { Context } from './context.ts';

/**
 * The rules of some files, planned as their project says: with its other rules, log sources, lists and lints, and
 * with what it sets in them. With `asWritten` nothing is set in them anywhere.
 */
export async function unitsOf(
  { cwd, known, project, report, loadCatalog, variants }: Context,
  files: readonly RulePath[],
  { asWritten = false }: { readonly asWritten?: boolean } = {},
): Promise<readonly Unit[]> {
  const detections = { folder: project.detections, cwd };
  const load = (catalog: Catalog, tunings: readonly Tuning[]): readonly Unit[] =>
    loadUnits(files, known, report, detections, catalog, project.lints, tunings);
  const units = load(await loadCatalog(), asWritten ? [] : project.tunings);
  if (asWritten) return units;
  const at = new Map<string, readonly Unit[]>();
  for (const one of variants) at.set(one.id, load(await one.loadCatalog(), one.project.tunings));
  return withVariants(units, at);
}
