import type { RulePath } from '../library/discover.ts';
import { loadUnits, type Unit } from '../library/units.ts';
import type { Tuning } from '../rule/tune.ts';
import type { Context } from './context.ts';

/**
 * The rules of some files, planned as their project says: with its other rules, log sources, lists and lints, and
 * with what it sets in them unless the caller says otherwise.
 */
export async function unitsOf(
  { cwd, known, project, report, loadCatalog }: Context,
  files: readonly RulePath[],
  tunings: readonly Tuning[] = project.tunings,
): Promise<readonly Unit[]> {
  const detections = { folder: project.detections, cwd };
  const catalog = await loadCatalog();
  return loadUnits(files, known, report, detections, catalog, project.lints, tunings);
}
