import type { Plan } from '../../publish/model.ts';
import { readPlan } from '../../publish/saved-plan.ts';
import { version } from '../../version.generated.js';
import { type Context, createContext, readNamedFile } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { Misuse } from '../misuse.ts';
import { reportPath } from '../reports.ts';
import { builtPlaces } from './built-places.ts';
import { carryOut } from './carry-out.ts';
import { type PlanningOptions, planOptions } from './options.ts';
import { placesOf } from './places.ts';
import { rulesAsked } from './rule-names.ts';

/** What `siemc publish apply` takes. */
export interface ApplyOptions extends PlanningOptions {
  readonly maxDeletes: number;
}

/** A plan has the requests of every object, in bytes. */
const largestPlan = 256 * 1024 * 1024;

/** `siemc publish apply [plan]`: makes the SIEMs as is built, as far as nobody has to decide. */
export async function apply(file: string | undefined, options: ApplyOptions): Promise<ExitCode> {
  for (const wanted of options.report ?? []) reportPath(process.cwd(), wanted);
  const context = await createContext(options);
  const saved = file === undefined ? undefined : savedPlan(context, file, options);
  const places = builtPlaces(context, await placesOf(context, namesOf(saved, options)));
  const named = places.flatMap(({ output }) => output.named);
  const { cwd, project } = context;
  const rules = rulesAsked(options.rule, named, { cwd, detections: project.detections });
  const asked = saved?.options ?? planOptions(options, rules);
  const { maxDeletes } = options;
  const plans = saved && { saved: saved.destinations };
  const what = { command: 'publish apply', places, asked, ...plans, maxDeletes };
  return carryOut(context, { ...what, commit: undefined, problems: [] }, options);
}

function savedPlan(context: Context, file: string, options: ApplyOptions): Plan {
  const given = [
    ['--rule', options.rule],
    ['--overwrite-drift', options.overwriteDrift],
    ['--delete', options.delete],
  ].filter(([, value]) => value !== undefined);
  if (given.length > 0)
    throw new Misuse(
      `A saved plan says by itself what is to be done: it takes no ${given[0]?.[0]}.`,
    );
  const plan = readPlan(readNamedFile(context, file, largestPlan), version);
  if ('problem' in plan) throw new Misuse(`"${file}" ${plan.problem}.`);
  return plan;
}

/** Of a saved plan only destinations that it has. */
function namesOf(
  saved: Plan | undefined,
  { destination: asked }: ApplyOptions,
): readonly string[] | undefined {
  if (saved === undefined) return asked;
  const planned = saved.destinations.map(({ destination }) => destination);
  const other = asked?.find((name) => !planned.includes(name));
  if (other !== undefined) throw new Misuse(`The plan has no destination "${other}".`);
  if (planned.length === 0) throw new Misuse('The plan has no destination.');
  return asked ?? planned;
}
