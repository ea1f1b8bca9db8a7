import type { PublishSettings } from '#backend';
import type { Operation } from './operations.ts';
import { hostOf, settingProblems } from './setting-problems.ts';

/** Where an instance is, how its rules run, and by what to sign in. */
export interface InstanceSettings {
  readonly project: string;
  readonly location: string;
  readonly instance: string;
  /** `https://chronicle.eu.rep.googleapis.com`. */
  readonly origin: string;
  versionOf(operation: Operation): string;
  readonly deployment: {
    readonly enabled: boolean;
    readonly alerting: boolean;
    readonly runFrequency: string;
  };
  /** What becomes of rules that aren't wanted any more. */
  readonly retired: 'archived' | 'disabled';
  readonly requestsPerSecond: number;
  readonly credential: CredentialKind;
  readonly credentialsFile: string | undefined;
  readonly credentialsEnv: string;
  readonly authorities: string | undefined;
}

/** By what to sign in. */
export type CredentialKind =
  | 'auto'
  | 'service-account'
  | 'external-account'
  | 'google-auth-library';

/** Settings with their defaults; those without a problem only. */
export function instanceSettings(given: PublishSettings): InstanceSettings {
  const [problem] = settingProblems(given);
  if (problem !== undefined) throw new Error(problem.message);
  const text = (key: string): string | undefined =>
    given[key] === undefined ? undefined : String(given[key]);
  const location = text('location') ?? '';
  const host = hostOf(text('host') ?? 'https://chronicle.{location}.rep.googleapis.com', location);
  const versions = (given['apiVersions'] ?? {}) as Readonly<Record<string, string>>;
  const deployment = (given['deployment'] ?? {}) as Readonly<Record<string, unknown>>;
  const frequency = String(deployment['runFrequency'] ?? 'auto');
  return {
    project: text('project') ?? '',
    location,
    instance: (text('instance') ?? '').toLowerCase(),
    origin: typeof host === 'string' ? host : host.problem,
    versionOf: (operation) => versions[operation] ?? text('apiVersion') ?? 'v1',
    deployment: {
      enabled: deployment['enabled'] !== false,
      alerting: deployment['alerting'] !== false,
      // The most frequent that is allowed is what the service makes of LIVE.
      runFrequency: frequency === 'auto' ? 'LIVE' : frequency,
    },
    retired: given['retired'] === 'disabled' ? 'disabled' : 'archived',
    requestsPerSecond: Number(given['requestsPerSecond'] ?? 1),
    credential: (text('credential') ?? 'auto') as CredentialKind,
    credentialsFile: text('credentialsFile'),
    credentialsEnv: text('credentialsEnv') ?? 'GOOGLE_APPLICATION_CREDENTIALS',
    authorities: text('authorities'),
  };
}
