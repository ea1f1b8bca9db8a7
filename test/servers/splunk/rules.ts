import { isObject } from '../http/message.ts';
import { booleans } from './settings.ts';

type Settings = Readonly<Record<string, string>>;

/**
 * What a request can't make of a saved search; written from the documentation. Rules over several settings are about
 * what it sends and what is there already.
 */
export function settingsProblem(sent: Settings, before: Settings): string | undefined {
  return valueProblem(sent) ?? togetherProblem({ ...before, ...sent }) ?? jsonProblem(sent);
}

/** What a name can't be: it becomes the header of a stanza. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'The following required arguments are missing: name.';
  if (/[[\]\r\n]/.test(name)) return `Invalid name: ${name}`;
  return undefined;
}

/** The values that a setting may have, where they can be listed. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'alert.severity': ['1', '2', '3', '4', '5', '6'],
  'alert.track': ['0', '1', 'true', 'false', 'auto'],
  alert_type: ['always', 'custom', 'number of events', 'number of hosts', 'number of sources'],
  alert_comparator: [
    'greater than',
    'less than',
    'equal to',
    'not equal to',
    'rises by',
    'drops by',
    'rises by perc',
    'drops by perc',
  ],
  dispatchAs: ['user', 'owner'],
  schedule_priority: ['default', 'higher', 'highest'],
  'action.notable.param.security_domain': [
    'access',
    'endpoint',
    'network',
    'threat',
    'identity',
    'audit',
  ],
  'action.notable.param.severity': [
    'informational',
    'low',
    'medium',
    'high',
    'critical',
    'unknown',
  ],
};

/** And where a pattern says them. */
const patterns: Readonly<Record<string, RegExp>> = {
  // "Month and day names are not supported."
  cron_schedule: /^([0-9*,/-]+ ){4}[0-9*,/-]+$/,
  schedule_window: /^(auto|\d+)$/,
  'alert.suppress.period': /^\d+[smhd]?$/,
  'alert.expires': /^\d+[smhd]?$/,
  alert_threshold: /^\d+%?$/,
};

function valueProblem(settings: Settings): string | undefined {
  for (const [name, value] of Object.entries(settings)) {
    const known = booleans.has(name) ? ['0', '1', 'true', 'false'] : choices[name];
    const pattern = patterns[name];
    const right =
      value === '' ? !booleans.has(name) : (known?.includes(value) ?? pattern?.test(value) ?? true);
    if (!right) return `Invalid value for argument "${name}": "${value}".`;
  }
  return undefined;
}

function togetherProblem(settings: Settings): string | undefined {
  const on = (name: string): boolean => ['1', 'true'].includes(settings[name] ?? '');
  const has = (name: string): boolean => (settings[name] ?? '') !== '';
  const perResult = ['0', 'false'].includes(settings['alert.digest_mode'] ?? '');
  const type = settings['alert_type'] ?? 'always';
  if (on('is_scheduled') && !has('cron_schedule'))
    return 'A scheduled search needs the argument "cron_schedule".';
  if (type === 'custom' && !('alert_condition' in settings))
    return 'The alert type "custom" needs the argument "alert_condition".';
  if (type.startsWith('number of') && !(has('alert_comparator') && has('alert_threshold')))
    return `The alert type "${type}" needs the arguments "alert_comparator" and "alert_threshold".`;
  if (on('alert.suppress') && !has('alert.suppress.period'))
    return 'Throttling needs the argument "alert.suppress.period".';
  if (on('alert.suppress') && perResult && !has('alert.suppress.fields'))
    return 'Throttling of per-result alerts needs the argument "alert.suppress.fields".';
  const realTime = settings['dispatch.earliest_time']?.startsWith('rt') ?? false;
  if (realTime && perResult && !on('alert.suppress'))
    return 'windowed real-time per result alerts require field based alert throttling to be enabled';
  return undefined;
}

/** Settings that are JSON in a text, and what it has to be. */
const jsonSettings: Readonly<Record<string, (value: unknown) => boolean>> = {
  'action.correlationsearch.annotations': (value) =>
    isObject(value) && Object.values(value).every(Array.isArray),
  'action.correlationsearch.metadata': isObject,
  'action.notable.param.drilldown_searches': (value) =>
    Array.isArray(value) &&
    value.every((one) =>
      ['name', 'search', 'earliest_offset', 'latest_offset'].every((key) => key in one),
    ),
  'action.notable.param.next_steps': () => true,
  'action.risk.param._risk': (value) => Array.isArray(value) && value.every(isRisk),
};

function isRisk(value: unknown): boolean {
  if (!isObject(value)) return false;
  const type = value['risk_object_type'];
  return typeof value['risk_object_field'] === 'string'
    ? ['system', 'user', 'other'].includes(String(type)) && Number.isInteger(value['risk_score'])
    : typeof value['threat_object_field'] === 'string' && 'threat_object_type' in value;
}

function jsonProblem(settings: Settings): string | undefined {
  for (const [name, isRight] of Object.entries(jsonSettings)) {
    const text = settings[name];
    if (text === undefined || text === '') continue;
    try {
      if (!isRight(JSON.parse(text))) return `Invalid value for argument "${name}".`;
    } catch {
      return `The value of argument "${name}" is no JSON.`;
    }
  }
  return undefined;
}
