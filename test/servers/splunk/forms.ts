import { spec } from '../../corpus/api-specs.ts';
import { isObject } from '../http/message.ts';
import { type Answer, refusal } from './answer.ts';
import type { Kind } from './model.ts';
import type { Desk, ObjectRequest } from './requests.ts';
import { nameProblem, settingsProblem } from './rules.ts';
import { guarded, isSetting } from './settings.ts';

const macroArguments = new Set([
  'definition',
  'args',
  'iseval',
  'errormsg',
  'validation',
  'description',
  'disabled',
]);

const acceptedBy: Readonly<Record<Kind, (name: string) => boolean>> = {
  savedsearches: isSetting,
  macros: (name) => macroArguments.has(name),
  transforms: () => false,
};

/** Settings that rules over several of them are about: an update may rely on what is there. */
const relations = [
  'cron_schedule',
  'alert_type',
  'alert_condition',
  'alert_comparator',
  'alert_threshold',
  'alert.suppress',
  'alert.suppress.period',
  'alert.suppress.fields',
  'alert.digest_mode',
];

/** Why a form can't be: by its arguments, its values, and the settings that the object has already. */
export function formRefusal(
  asked: ObjectRequest,
  desk: Desk,
  before: Readonly<Record<string, string>> | undefined,
): Answer | undefined {
  const { form, kind, request, user } = asked;
  const { name, ...settings } = form;
  const wrong = (text: string): Answer => {
    desk.violate(request, text);
    return refusal(400, text);
  };
  if (before !== undefined && name !== undefined) return wrong(unsupported('name'));
  const unknown = Object.keys(settings).find((key) => !acceptedBy[kind](key));
  if (unknown !== undefined) return wrong(unsupported(unknown));
  if (kind === 'macros') return macroProblem(asked, before, wrong);
  // This one depends on who asks: no request is wrong by it alone.
  const forbidden = Object.keys(settings).find((key) => isForbidden(key, user.capabilities));
  if (forbidden !== undefined) return refusal(400, unsupported(forbidden));
  const missing = before === undefined ? missingProblem(form, ['name', 'search']) : undefined;
  const problem =
    missing ??
    (before === undefined ? nameProblem(name ?? '') : undefined) ??
    (settings['search'] === '' ? 'The search must not be empty.' : undefined) ??
    settingsProblem(settings, before ?? {}) ??
    specProblem(form, before);
  return problem === undefined ? undefined : wrong(problem);
}

function macroProblem(
  { form }: ObjectRequest,
  before: object | undefined,
  wrong: (text: string) => Answer,
): Answer | undefined {
  const problem = before === undefined ? missingProblem(form, ['name', 'definition']) : undefined;
  return problem === undefined ? undefined : wrong(problem);
}

/** Which arguments have to be there and aren't. */
export function missingProblem(
  form: Readonly<Record<string, string>>,
  names: readonly string[],
): string | undefined {
  const missing = names.filter((name) => (form[name] ?? '') === '');
  return missing.length === 0
    ? undefined
    : `The following required arguments are missing: ${missing.join(', ')}.`;
}

function unsupported(name: string): string {
  return `Argument "${name}" is not supported by this handler.`;
}

function isForbidden(name: string, capabilities: readonly string[]): boolean {
  const needed = guarded[name];
  return needed !== undefined && !capabilities.includes(needed);
}

/** What the specification says of a form; an empty value puts a setting back, and has no form of its own. */
function specProblem(
  form: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> | undefined,
): string | undefined {
  const there = relations.flatMap((name) => {
    const value = before?.[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const whole = Object.entries({ ...Object.fromEntries(there), ...form });
  const said = Object.fromEntries(
    whole.filter(([name, value]) => value !== '' || name === 'alert_condition'),
  );
  const schema = before === undefined ? 'CreateForm' : 'UpdateForm';
  // What is there already may be wrong by itself: that isn't this request's doing.
  const old = there.flatMap(([name]) => (Object.hasOwn(form, name) ? [] : [`/${name} `]));
  const problems = spec('splunk', `$defs/${schema}`)(said);
  const problem = problems.find((one) => !old.some((start) => one.startsWith(start)));
  return problem ?? jsonSpecProblem(said);
}

const jsonSchemas: Readonly<Record<string, string>> = {
  'action.correlationsearch.annotations': 'Annotations',
  'action.notable.param.drilldown_searches': 'DrilldownSearches',
  'action.risk.param._risk': 'Risk',
};

function jsonSpecProblem(form: Readonly<Record<string, string>>): string | undefined {
  for (const [name, schema] of Object.entries(jsonSchemas)) {
    const text = form[name];
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    if (!isObject(value) && !Array.isArray(value)) continue;
    const [problem] = spec('splunk', `$defs/${schema}`)(value);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
}
