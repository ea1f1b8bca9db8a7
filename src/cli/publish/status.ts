import { type PlanOptions, undecided } from '../../publish/model.ts';
import { planSite, rebuildState } from '../../publish/run.ts';
import { version } from '../../version.generated.js';
import { createContext } from '../context.ts';
import { count, type ExitCode, exitFor, since } from '../exit.ts';
import { reportPath } from '../reports.ts';
import { builtPlaces } from './built-places.ts';
import { eachPlace } from './each-place.ts';
import { gravest } from './gravest.ts';
import type { TellOptions } from './options.ts';
import { placesOf } from './places.ts';
import { tellReport } from './tell.ts';

/** What `siemc publish status` takes. */
export interface StatusOptions extends TellOptions {
  readonly rebuild?: boolean;
  readonly exitCode?: boolean;
}

const all: PlanOptions = { rules: undefined, overwriteDrift: false, removed: 'disable' };

/** `siemc publish status`: how the SIEMs stand to what is built. Changes nothing there. */
export async function status(options: StatusOptions): Promise<ExitCode> {
  const start = performance.now();
  for (const wanted of options.report ?? []) reportPath(process.cwd(), wanted);
  const context = await createContext(options);
  const places = builtPlaces(context, await placesOf(context, options.destination));
  const { results, problems, exit, redactor } = await eachPlace(
    context,
    places,
    ({ site, world }) =>
      options.rebuild === true ? rebuildState(site, world) : planSite(site, all, world),
  );
  context.showDiagnostics();
  const report = { kind: 'status' as const, compiler: version, destinations: results, problems };
  tellReport(context, report, options, redactor);
  const where = count(results.length, 'destination');
  const what = options.rebuild === true ? `state of ${where} written anew` : where;
  context.tell(`publish status: ${what} (${since(start)})\n`);
  const isOpen = results.some(({ objects }) => objects.some(({ state }) => undecided.has(state)));
  const open = options.exitCode === true && isOpen ? 1 : 0;
  return gravest(exit, open, exitFor(context.diagnostics));
}
