import { planSite } from '../../publish/run.ts';
import { version } from '../../version.generated.js';
import { createContext } from '../context.ts';
import { count, type ExitCode, exitFor, since } from '../exit.ts';
import { reportPath } from '../reports.ts';
import type { ApplyOptions } from './apply.ts';
import { placesBefore } from './built-places.ts';
import { carryOut } from './carry-out.ts';
import { eachPlace } from './each-place.ts';
import { gravest } from './gravest.ts';
import { planOptions } from './options.ts';
import { placesOf } from './places.ts';
import { rulesAsked } from './rule-names.ts';
import { tellReport } from './tell.ts';
import { tellProblems } from './tell-problems.ts';

/** What `siemc publish rollback` takes. */
export interface RollbackOptions extends ApplyOptions {
  /** Only shows what would be done. */
  readonly plan?: boolean;
  readonly requests?: boolean;
}

/** `siemc publish rollback <revision>`: makes the SIEMs as was built at an earlier commit. */
export async function rollback(revision: string, options: RollbackOptions): Promise<ExitCode> {
  const start = performance.now();
  for (const wanted of options.report ?? []) reportPath(process.cwd(), wanted);
  const context = await createContext(options);
  const all = await placesOf(context, options.destination);
  const { commit, built: places, problems } = placesBefore(context, all, revision);
  tellProblems(context, problems);
  const named = places.flatMap(({ output }) => output.named);
  const { cwd, project } = context;
  const rules = rulesAsked(options.rule, named, { cwd, detections: project.detections });
  const asked = planOptions(options, rules);
  const { maxDeletes } = options;
  if (options.plan !== true) {
    const what = { command: 'publish rollback', places, asked, maxDeletes, commit, problems };
    return carryOut(context, what, options);
  }
  const outcomes = await eachPlace(context, places, ({ site, world }) =>
    planSite(site, asked, world),
  );
  context.showDiagnostics();
  const made = {
    plan: 1 as const,
    compiler: version,
    commit,
    options: asked,
    destinations: outcomes.results,
  };
  const requests = options.requests === true;
  const report = { kind: 'plan' as const, plan: made, requests };
  const told = [...problems, ...outcomes.problems];
  tellReport(context, { ...report, problems: told }, options, outcomes.redactor);
  const where = count(outcomes.results.length, 'destination');
  const to = `to ${commit.slice(0, 12)}, ${where}, only planned`;
  context.tell(`publish rollback: ${to} (${since(start)})\n`);
  return gravest(outcomes.exit, problems.length > 0 ? 1 : 0, exitFor(context.diagnostics));
}
