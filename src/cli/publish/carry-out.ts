import type { DestinationPlan, DestinationResult, PlanOptions } from '../../publish/model.ts';
import type { DestinationProblem } from '../../publish/report/view.ts';
import { applySite } from '../../publish/run.ts';
import { version } from '../../version.generated.js';
import type { Context } from '../context.ts';
import { count, type ExitCode, exitFor, since } from '../exit.ts';
import { type BuiltPlace, eachPlace } from './each-place.ts';
import { gravest } from './gravest.ts';
import type { TellOptions } from './options.ts';
import { stoppable } from './stop.ts';
import { tellReport } from './tell.ts';

/** What to carry out, and how it is told. */
export interface Carrying {
  /** `publish apply`, for the last line. */
  readonly command: string;
  readonly places: readonly BuiltPlace[];
  readonly asked: PlanOptions;
  readonly saved?: readonly DestinationPlan[];
  readonly maxDeletes: number;
  /** The commit whose build it is, if that isn't what is on disk. */
  readonly commit: string | undefined;
  /** Of places that there is nothing to carry out at. */
  readonly problems: readonly DestinationProblem[];
}

/** Plans and carries out at all places, and tells what became of it. */
export async function carryOut(
  context: Context,
  { command, places, asked, saved, maxDeletes, commit, problems: before }: Carrying,
  options: TellOptions,
): Promise<ExitCode> {
  const start = performance.now();
  const { signal, letGo } = stoppable((text) => process.stderr.write(text));
  try {
    const outcomes = await eachPlace(
      context,
      places,
      ({ site, world }, { id }) => {
        const plan = saved?.find(({ destination }) => destination === id);
        return applySite(site, asked, world, { saved: plan, maxDeletes });
      },
      signal,
    );
    const { results, redactor } = outcomes;
    context.showDiagnostics();
    const problems = [...before, ...outcomes.problems];
    const report = { kind: 'apply' as const, compiler: version, commit, destinations: results };
    tellReport(context, { ...report, problems }, options, redactor);
    const done = results.flatMap(({ applied }) => applied.filter(isDone)).length;
    const where = count(results.length, 'destination');
    context.tell(`${command}: ${count(done, 'object')} at ${where} (${since(start)})\n`);
    const own = before.length > 0 ? 1 : 0;
    return gravest(outcomes.exit, own, exitFor(context.diagnostics), ...results.map(exitOf));
  } finally {
    letGo();
  }
}

function isDone({ outcome }: DestinationResult['applied'][number]): boolean {
  return outcome === 'done';
}

/** 4 where the SIEM failed, 1 where somebody has to decide. */
function exitOf({ applied, undecided }: DestinationResult): ExitCode {
  const outcomes = new Set(applied.map(({ outcome }) => outcome));
  if ((['refused', 'failed', 'unknown', 'skipped'] as const).some((one) => outcomes.has(one)))
    return 4;
  return outcomes.has('lost') || undecided.length > 0 ? 1 : 0;
}
