import { didYouMean, isMap, type PublishSettings, type SettingProblem } from '#backend';
import { operationNames } from './operations.ts';

/** Why a value can't be that of a setting, in the rest of a sentence that begins with its name. */
type Check = (value: unknown, path: readonly string[]) => readonly SettingProblem[];

const version = pattern(
  /^v\d+(?:(?:alpha|beta)\d*)?$/,
  'is a version of the API: v1, v1beta or v1alpha',
);
const truth = fits((value) => typeof value === 'boolean', 'is true or false');
const path = fits((value) => typeof value === 'string' && value !== '', 'is the path of a file');

/** What has to be said, and what it is. */
const required = {
  project: {
    form: /^(?:(?:[a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\d+)$/,
    saying: 'is the id or the number of the Google Cloud project that the instance is bound to',
  },
  location: {
    form: /^[a-z][a-z0-9-]*$/,
    saying: 'is where the instance is: us, eu, europe-west2',
  },
  instance: {
    form: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    saying: 'is the customer ID of the instance, a UUID: SIEM Settings, Profile, shows it',
  },
};

const checks: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    Object.entries(required).map(([key, { form, saying }]) => [key, pattern(form, saying)]),
  ),
  host: (value, at) => {
    const host = typeof value === 'string' ? hostOf(value, 'us') : { problem: 'is an address' };
    return typeof host === 'string' ? [] : [problemAt(at, host.problem)];
  },
  apiVersion: version,
  apiVersions: members(
    Object.fromEntries(operationNames.map((name) => [name, version])),
    'method of the API',
  ),
  deployment: members(
    { enabled: truth, alerting: truth, runFrequency: oneOf(['auto', 'LIVE', 'HOURLY', 'DAILY']) },
    'setting of deployments',
  ),
  retired: oneOf(['archived', 'disabled']),
  requestsPerSecond: fits(
    (value) => typeof value === 'number' && value > 0 && value <= 100,
    'is how often a method may be called in a second: more than 0, and at most 100',
  ),
  credential: oneOf(['auto', 'service-account', 'external-account', 'google-auth-library']),
  credentialsFile: path,
  credentialsEnv: pattern(/^[A-Za-z_]\w*$/, 'is the name of an environment variable'),
  authorities: path,
};

/** What is wrong or missing in the settings of an instance. */
export function settingProblems(settings: PublishSettings): readonly SettingProblem[] {
  const missing = Object.entries(required).filter(([key]) => settings[key] === undefined);
  return [
    ...missing.map(([key, { saying }]) => ({
      path: [],
      message: `Google SecOps needs the setting "${key}".`,
      hint: `It ${saying}.`,
    })),
    ...members(checks, 'setting')(settings, []),
    ...clashes(settings),
  ];
}

function clashes({ credentialsFile, credentialsEnv }: PublishSettings): readonly SettingProblem[] {
  if (credentialsFile === undefined || credentialsEnv === undefined) return [];
  const message = '"credentialsEnv" counts only without "credentialsFile".';
  return [{ path: ['credentialsEnv'], message, hint: 'Leave one of them out.' }];
}

/** The origin of a host or of a template of one, or why it has none. */
export function hostOf(given: string, location: string): string | { readonly problem: string } {
  const stray = /\{(?!location\})[^}]*\}?/.exec(given)?.[0];
  if (stray !== undefined) return { problem: `has "${stray}"; it may have {location}` };
  const url = parsed(given, location);
  if (url === undefined)
    return { problem: 'is an address: https://chronicle.us.rep.googleapis.com' };
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))
    return { problem: 'begins with https://; http:// is for this machine only' };
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '';
  return isBare && url.username === '' && url.password === ''
    ? url.origin
    : { problem: 'is a host without a path: the rest is made of the other settings' };
}

function parsed(given: string, location: string): URL | undefined {
  try {
    return new URL(given.replaceAll('{location}', location));
  } catch {
    return undefined;
  }
}

function problemAt(path: readonly string[], saying: string): SettingProblem {
  return { path, message: `"${path.at(-1)}" ${saying}.` };
}

function fits(test: (value: unknown) => boolean, saying: string): Check {
  return (value, at) => (test(value) ? [] : [problemAt(at, saying)]);
}

function pattern(expression: RegExp, saying: string): Check {
  return fits((value) => typeof value === 'string' && expression.test(value), saying);
}

function oneOf(values: readonly string[]): Check {
  return fits((value) => values.some((one) => one === value), `is one of ${values.join(', ')}`);
}

function members(known: Readonly<Record<string, Check>>, what: string): Check {
  return (value, at) => {
    if (!isMap(value)) return [problemAt(at, `is a map with a value for each ${what}`)];
    return Object.entries(value).flatMap(([key, inner]): readonly SettingProblem[] => {
      const check = Object.hasOwn(known, key) ? known[key] : undefined;
      if (check !== undefined) return check(inner, [...at, key]);
      const names = Object.keys(known);
      const hint = didYouMean(key, names) ?? `There are ${names.join(', ')}.`;
      return [{ path: [...at, key], message: `Google SecOps has no ${what} "${key}".`, hint }];
    });
  };
}
