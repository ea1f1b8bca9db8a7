import { isMap, RemoteProblem, type Surroundings } from '#backend';
import type { JsonMap } from '../replies.ts';
import type { InstanceSettings } from '../settings.ts';

/** A file with a credential, as Google writes them: a key, or how to get in without one. */
export interface Credentials {
  readonly path: string;
  readonly json: JsonMap;
}

type Where = Pick<InstanceSettings, 'credentialsFile' | 'credentialsEnv'>;

/** The credential that the settings or the environment name; nothing if none is named. */
export function credentialsOf(
  { credentialsFile, credentialsEnv }: Where,
  surroundings: Surroundings,
): Credentials | undefined {
  const path = credentialsFile ?? surroundings.env(credentialsEnv);
  if (path === undefined) return undefined;
  const json = jsonIn(surroundings.readFile(path));
  if (isMap(json)) return { path, json };
  throw new RemoteProblem(
    'publish/no-credentials',
    `The credential file ${path} isn't a JSON object.`,
    'Name a key of a service account, or a configuration of workload identity federation.',
  );
}

/** A text of a credential; without it the credential is of no use. */
export function requiredText({ path, json }: Credentials, key: string): string {
  const value = json[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new RemoteProblem(
    'publish/no-credentials',
    `The credential file ${path} has no "${key}".`,
    'Download it again: it is used as Google wrote it.',
  );
}

/** An address of a credential: secrets go there, so that it has to be encrypted, or on this machine. */
export function requiredAddress(credentials: Credentials, key: string): string {
  const address = requiredText(credentials, key);
  if (isSafe(address)) return address;
  throw new RemoteProblem(
    'publish/no-credentials',
    `"${key}" of the credential file ${credentials.path} doesn't begin with https://.`,
    'Secrets are sent there: use the file as Google wrote it.',
  );
}

/** Whether secrets may be sent to an address. */
export function isSafe(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
    return protocol === 'https:' || (protocol === 'http:' && isHere);
  } catch {
    return false;
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
