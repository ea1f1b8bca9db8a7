import type { RulePath } from '../library/discover.ts';
import { loadUnits, type Unit } from '../library/units.ts';
import type { Context } from './context.ts';

/** The rules of some files, planned as their project says: with its other rules, log sources, lists and lints. */
export async function unitsOf(
  { cwd, known, project, report, loadCatalog }: Context,
  files: readonly RulePath[],
): Promise<readonly Unit[]> {
  const detections = { folder: project.detections, cwd };
  return loadUnits(files, known, report, detections, await loadCatalog(), project.lints);
}
