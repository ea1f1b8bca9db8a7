import { reportClashes } from '../library/built/build.ts';
import { discoverRules } from '../library/discover.ts';
import { show } from '../library/paths.ts';
import { tuningCode } from '../library/project/tunings.ts';
import { loadUnits, type Unit, withVariants } from '../library/units.ts';
import type { Context } from './context.ts';
import { sortDiagnostics } from './format/diagnostics.ts';
import { Misuse } from './misuse.ts';

/** The rules of the whole project, each read and planned. */
export async function readUnits(context: Context): Promise<readonly Unit[]> {
  const { cwd, project, known, report } = context;
  const files = discoverRules(cwd, [show(cwd, project.detections)], report);
  const catalog = await context.loadCatalog();
  const { lints, tunings } = project;
  const units = loadUnits(files, known, report, undefined, catalog, lints, tunings);
  reportClashes(units, report);
  const at = new Map<string, readonly Unit[]>();
  for (const variant of context.variants) {
    const other = await variant.loadCatalog();
    const set = variant.project.tunings;
    at.set(variant.id, loadUnits(files, known, report, undefined, other, lints, set));
  }
  return withVariants(units, at);
}

/**
 * Stops the command where files of the project have errors: a slip in a log source, a mapping, a list or a tunable's
 * name would change the queries of rules that have none.
 */
export async function checkFiles(context: Context): Promise<void> {
  await context.loadBackends();
  const isMistuned = context.diagnostics.some(({ code }) => code === tuningCode);
  if (context.areFilesSound() && !isMistuned) return;
  context.showDiagnostics();
  const message = isMistuned
    ? 'The configuration sets what no rule has: nothing is built.'
    : 'The log sources, mappings or lists of the project have errors: nothing is built.';
  throw new Misuse(message, 2, sortDiagnostics(context.diagnostics));
}
