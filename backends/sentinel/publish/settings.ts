import { didYouMean, type PublishSettings, type SettingProblem } from '#backend';
import type { Place } from './addresses.ts';
import { type CloudName, clouds } from './clouds.ts';
import { originOf } from './origin.ts';

/** The ways to sign in. */
export const credentials = [
  'auto',
  'secret',
  'certificate',
  'github',
  'workload-identity',
  'azure-identity',
] as const;

/** A way to sign in. */
export type Credential = (typeof credentials)[number];

/** The settings of a destination, with their defaults. */
export interface Settings {
  readonly place: Place;
  /** Where tokens come from, if the configuration says it: that goes before the environment. */
  readonly authority: string | undefined;
  /** And where they come from if nothing says it. */
  readonly usualAuthority: string;
  readonly credential: Credential;
  /** What the names of environment variables begin with. */
  readonly prefix: string;
  /** Whom the tokens of workflows are for. */
  readonly audience: string;
  /** The path of a file with certificates of authorities to trust. */
  readonly authorities: string | undefined;
}

/** What is wrong with the text of a setting: what it should be. */
type Check = (text: string) => string | undefined;

const should =
  (pattern: RegExp, what: string): Check =>
  (text) =>
    pattern.test(text) ? undefined : what;
const oneOf =
  (names: readonly string[]): Check =>
  (text) =>
    names.includes(text) ? undefined : (didYouMean(text, names) ?? `It is ${listed(names)}.`);
const origin: Check = (text) =>
  originOf(text) === undefined
    ? 'It is the address of a host that is spoken to by https, such as https://management.azure.com; http is for this machine alone (127.0.0.1, [::1], localhost).'
    : undefined;

/** "Naming rules and restrictions for Azure resources" */
const checks: Readonly<Record<string, Check>> = {
  subscription: should(
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
    "It is the subscription's id, such as 00000000-0000-0000-0000-000000000000.",
  ),
  resourceGroup: should(
    /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    'It has 1 to 90 letters, digits, underscores, hyphens, parentheses and periods, and no period at its end.',
  ),
  workspace: should(
    /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    'It is the name of the Log Analytics workspace: 4 to 63 letters, digits and hyphens, no hyphen at either end.',
  ),
  cloud: oneOf(Object.keys(clouds)),
  arm: origin,
  authority: origin,
  apiVersion: should(/^\d{4}-\d{2}-\d{2}(?:-preview)?$/, 'It is a date, such as 2025-09-01.'),
  credential: oneOf(credentials),
  envPrefix: should(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'The names of environment variables begin with it: letters, digits and underscores, such as EMEA_.',
  ),
  audience: should(/^\S+$/, 'It is the audience of the federated credential.'),
  authorities: should(/^[^\0]+$/, 'It is the path of a file of certificates (PEM).'),
};

const required = ['subscription', 'resourceGroup', 'workspace'];

/** What is wrong with the settings, also what is missing. */
export function settingProblems(given: PublishSettings): readonly SettingProblem[] {
  const missing = required
    .filter((key) => given[key] === undefined)
    .map((key) => ({
      path: [key],
      message: `"${key}" is missing: where the workspace of Microsoft Sentinel lies.`,
      hint: hintOf(checks[key]?.('')),
    }));
  return [...missing, ...Object.entries(given).flatMap(valueProblems), ...togetherProblems(given)];
}

function valueProblems([key, value]: readonly [string, unknown]): readonly SettingProblem[] {
  const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
  if (check === undefined) {
    const known = Object.keys(checks);
    const hint = didYouMean(key, known) ?? `There are ${known.join(', ')}.`;
    const message = `Publishing to Microsoft Sentinel has no setting "${key}".`;
    return [{ path: [key], message, hint }];
  }
  if (value === undefined) return [];
  if (typeof value !== 'string') return [{ path: [key], message: `"${key}" is a text.` }];
  const hint = check(value);
  return hint === undefined
    ? []
    : [{ path: [key], message: `"${value}" can't be the "${key}".`, hint }];
}

/** What single settings can't say. */
function togetherProblems({
  cloud,
  arm,
  authority,
  credential,
  envPrefix,
}: PublishSettings): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  if ((arm === undefined) !== (authority === undefined))
    problems.push({
      path: [arm === undefined ? 'authority' : 'arm'],
      message: '"arm" and "authority" belong together: where rules go, and where tokens come from.',
      hint: 'Say both, or name an instance of Azure by "cloud".',
    });
  if (cloud !== undefined && (arm !== undefined || authority !== undefined))
    problems.push({
      path: ['cloud'],
      message: '"cloud" stands for an "arm" and an "authority", which are here, too.',
      hint: 'Leave one or the other out.',
    });
  if (envPrefix !== undefined && credential === 'azure-identity')
    problems.push({
      path: ['envPrefix'],
      message: '@azure/identity reads environment variables by their own names alone.',
      hint: 'Leave "envPrefix" out, or choose another "credential".',
    });
  return problems;
}

/** Settings without problems. */
export function settingsOf(given: PublishSettings): Settings {
  const text = (key: string): string | undefined => given[key] as string | undefined;
  const cloud = clouds[(text('cloud') ?? 'public') as CloudName];
  const host = (key: string): string | undefined => originOf(text(key) ?? '');
  return {
    place: {
      arm: host('arm') ?? cloud.arm,
      subscription: (text('subscription') ?? '').toLowerCase(),
      resourceGroup: text('resourceGroup') ?? '',
      workspace: text('workspace') ?? '',
      apiVersion: text('apiVersion') ?? '2025-09-01',
    },
    authority: host('authority'),
    usualAuthority: cloud.authority,
    credential: (text('credential') ?? 'auto') as Credential,
    prefix: text('envPrefix') ?? '',
    audience: text('audience') ?? 'api://AzureADTokenExchange',
    authorities: text('authorities'),
  };
}

function hintOf(text: string | undefined): string {
  return text ?? '';
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
