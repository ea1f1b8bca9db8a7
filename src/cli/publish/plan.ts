import { acts, type DestinationPlan, undecided } from '../../publish/model.ts';
import { planSite } from '../../publish/run.ts';
import { version } from '../../version.generated.js';
import { createContext } from '../context.ts';
import { count, type ExitCode, exitFor, since } from '../exit.ts';
import { reportPath } from '../reports.ts';
import { builtPlaces } from './built-places.ts';
import { eachPlace } from './each-place.ts';
import { gravest } from './gravest.ts';
import { type PlanningOptions, planOptions } from './options.ts';
import { placesOf } from './places.ts';
import { rulesAsked } from './rule-names.ts';
import { tellReport } from './tell.ts';

/** What `siemc publish plan` takes. */
export interface PlanCommandOptions extends PlanningOptions {
  readonly requests?: boolean;
  readonly exitCode?: boolean;
}

/** `siemc publish plan`: what an apply would do. Changes nothing. */
export async function plan(options: PlanCommandOptions): Promise<ExitCode> {
  const start = performance.now();
  for (const wanted of options.report ?? []) reportPath(process.cwd(), wanted);
  const context = await createContext(options);
  const places = builtPlaces(context, await placesOf(context, options.destination));
  const named = places.flatMap(({ output }) => output.named);
  const { cwd, project } = context;
  const rules = rulesAsked(options.rule, named, { cwd, detections: project.detections });
  const asked = planOptions(options, rules);
  const { results, problems, exit, redactor } = await eachPlace(context, places, (open) =>
    planSite(open.site, asked, open.world),
  );
  context.showDiagnostics();
  const made = { plan: 1 as const, compiler: version, options: asked, destinations: results };
  const requests = options.requests === true;
  tellReport(context, { kind: 'plan', plan: made, requests, problems }, options, redactor);
  context.tell(`publish plan: ${count(results.length, 'destination')} (${since(start)})\n`);
  const open = options.exitCode === true && results.some(isAnything) ? 1 : 0;
  return gravest(exit, open, exitFor(context.diagnostics));
}

/** Whether there is anything to do or to decide. */
function isAnything({ objects }: DestinationPlan): boolean {
  return objects.some(({ state }) => acts.has(state) || undecided.has(state));
}
