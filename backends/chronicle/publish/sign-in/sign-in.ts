import { RemoteProblem, type Surroundings, type Token } from '#backend';
import type { CredentialKind, InstanceSettings } from '../settings.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import { byExternalAccount, isPlainExternal } from './external-account.ts';
import { byLibrary } from './library.ts';
import { byServiceAccount } from './service-account.ts';

/** A token for an instance, by the credential that the settings or the environment name. */
export async function signIn(
  settings: Pick<InstanceSettings, 'credential' | 'credentialsFile' | 'credentialsEnv'>,
  surroundings: Surroundings,
): Promise<Token> {
  const credentials = credentialsOf(settings, surroundings);
  const { credential, credentialsEnv } = settings;
  if (credential === 'google-auth-library' || credentials === undefined) {
    if (credential !== 'auto' && credential !== 'google-auth-library')
      throw missing(credential, credentialsEnv);
    return byLibrary(
      credentials,
      surroundings,
      credentials === undefined
        ? `There are no credentials for Google SecOps: ${credentialsEnv} isn't set.`
        : "The package google-auth-library isn't installed.",
    );
  }
  switch (kindOf(credentials, credential)) {
    case 'service-account':
      return byServiceAccount(credentials, surroundings);
    case 'external-account':
      return byExternalAccount(credentials, surroundings);
    case undefined:
      return byLibrary(
        credentials,
        surroundings,
        `Credentials of the type "${String(credentials.json['type'])}" as in ${credentials.path} need the package google-auth-library.`,
      );
  }
}

/** What a credential is, or nothing where only Google's library knows it; not what the settings ask for is told. */
function kindOf(
  credentials: Credentials,
  wanted: CredentialKind,
): 'service-account' | 'external-account' | undefined {
  const { path, json } = credentials;
  const kind =
    json['type'] === 'service_account'
      ? 'service-account'
      : isPlainExternal(credentials)
        ? 'external-account'
        : undefined;
  if (wanted === 'auto' || wanted === kind) return kind;
  throw new RemoteProblem(
    'publish/no-credentials',
    `The credential file ${path} is no ${wanted} that siemc can sign in by; its type is "${String(json['type'])}".`,
    'Leave out "credential", or name another file.',
  );
}

function missing(credential: CredentialKind, name: string): RemoteProblem {
  return new RemoteProblem(
    'publish/no-credentials',
    `There is no ${credential} credential: ${name} isn't set.`,
    `Let ${name} name the file, or say "credentialsFile".`,
  );
}
