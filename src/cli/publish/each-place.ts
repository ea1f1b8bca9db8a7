import { RemoteProblem } from '../../backend/api.ts';
import { show } from '../../library/paths.ts';
import { reason } from '../../library/read-file.ts';
import { PlanMoved, TooManyRemovals } from '../../publish/apply/refusals.ts';
import type { BuiltOutput } from '../../publish/built.ts';
import { createRedactor, type Redactor } from '../../publish/redactor.ts';
import { withTexts } from '../../publish/report/texts.ts';
import type { DestinationProblem } from '../../publish/report/view.ts';
import { Busy } from '../../publish/state/lock.ts';
import type { Context } from '../context.ts';
import { count, type ExitCode } from '../exit.ts';
import { type OpenSite, openSite } from './open-site.ts';
import type { Place } from './places.ts';
import { tellProblems } from './tell-problems.ts';

/** A place with what is built for it. */
export interface BuiltPlace {
  readonly place: Place;
  readonly output: BuiltOutput;
}

/** What became of the work at all places. */
export interface Outcomes<Result> {
  readonly results: readonly Result[];
  readonly problems: readonly DestinationProblem[];
  /** The gravest that problems ask for. */
  readonly exit: ExitCode;
  readonly redactor: Redactor;
}

/** Does the same at one place after the other; what goes wrong at one stops no other. */
export async function eachPlace<Result>(
  context: Context,
  places: readonly BuiltPlace[],
  work: (open: OpenSite, place: Place) => Promise<Result>,
  stop?: AbortSignal,
): Promise<Outcomes<Result>> {
  const redactor = createRedactor();
  const results: Result[] = [];
  const problems: DestinationProblem[] = [];
  let exit: ExitCode = 0;
  for (const { place, output } of places) {
    try {
      if (stop?.aborted === true)
        throw new RemoteProblem(
          'publish/stopped',
          'Nothing was done here: it was stopped before.',
          'Run it again.',
        );
      const open = openSite(context, place, output, { redactor, ...(stop && { stop }) });
      if (open === undefined) continue;
      try {
        results.push(await work(open, place));
      } finally {
        await open.close();
      }
    } catch (error) {
      const problem = problemOf(error, context.cwd);
      if (problem === undefined) throw error;
      exit = problem.exit > exit ? problem.exit : exit;
      problems.push(withTexts({ destination: place.id, ...problem.told }, redactor.redact));
    }
  }
  tellProblems(context, problems);
  return { results, problems, exit, redactor };
}

interface Problem {
  readonly exit: 1 | 4;
  readonly told: Omit<DestinationProblem, 'destination'>;
}

/** So many objects that moved are told by name. */
const mostMoved = 10;

/** What stops the work at one place, and is no bug. */
function problemOf(error: unknown, cwd: string): Problem | undefined {
  if (error instanceof RemoteProblem) {
    const { code, message, hint } = error;
    return { exit: 4, told: { code, message, ...(hint !== undefined && { hint }) } };
  }
  if (error instanceof Busy)
    return { exit: 4, told: { code: 'publish/locked', message: error.message } };
  if (error instanceof PlanMoved) {
    const moved = error.moved.slice(0, mostMoved).map(({ name, why }) => `${name}: ${why}.`);
    const more = error.moved.length - moved.length;
    const rest = more > 0 ? [`And ${count(more, 'more object')}.`] : [];
    const message = [error.message, 'Nothing was written.', ...moved, ...rest].join(' ');
    const hint = 'Plan anew, look at it, and apply that.';
    return { exit: 1, told: { code: 'publish/plan-moved', message, hint } };
  }
  if (error instanceof TooManyRemovals) {
    const message = `${count(error.count, 'object')} would be disabled or deleted, and --max-deletes allows ${error.most}. Nothing was written.`;
    const hint = 'Look at the plan; if it is meant so, allow as many.';
    return { exit: 1, told: { code: 'publish/too-many-removals', message, hint } };
  }
  if (error instanceof Error && 'syscall' in error && 'path' in error) {
    const message = `"${show(cwd, String(error.path))}": ${reason(error)}.`;
    return { exit: 4, told: { code: 'publish/state', message } };
  }
  return undefined;
}
