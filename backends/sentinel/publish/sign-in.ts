import { RemoteProblem, type Surroundings, type Token } from '#backend';
import { azureIdentityToken } from './azure-identity.ts';
import { clientAssertion } from './client-assertion.ts';
import { fileToken, workflowToken } from './federated-tokens.ts';
import { originOf } from './origin.ts';
import type { Credential, Settings } from './settings.ts';
import { type Application, type Proof, tokenFor } from './token.ts';

/** A way to sign in that goes by environment variables. */
interface Way {
  readonly name: Exclude<Credential, 'auto' | 'azure-identity'>;
  /** Beside those that name the application: those of Azure, which a prefix may stand before, and those of others. */
  readonly needs: readonly string[];
  prove(application: Application, read: Reader, surroundings: Surroundings): Promise<Proof>;
}

/** Reads environment variables under the names that a destination has for them. */
interface Reader {
  nameOf(variable: string): string;
  /** Nothing where it isn't set. */
  find(variable: string): string | undefined;
  /** One that is known to be set. */
  get(variable: string): string;
}

const application = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'];

/** In the order in which they are tried. */
const ways = (audience: string): readonly Way[] => [
  {
    name: 'secret',
    needs: ['AZURE_CLIENT_SECRET'],
    prove: (_, read) =>
      Promise.resolve({ kind: 'secret', secret: read.get('AZURE_CLIENT_SECRET') }),
  },
  {
    name: 'certificate',
    needs: ['AZURE_CLIENT_CERTIFICATE_PATH'],
    prove: (of, read, surroundings) => {
      const path = read.get('AZURE_CLIENT_CERTIFICATE_PATH');
      const password = read.find('AZURE_CLIENT_CERTIFICATE_PASSWORD');
      const assertion = clientAssertion(of, { path, password }, surroundings);
      return Promise.resolve({ kind: 'assertion', assertion });
    },
  },
  {
    name: 'github',
    needs: ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    prove: async (_, read, surroundings) => {
      const url = read.get('ACTIONS_ID_TOKEN_REQUEST_URL');
      const token = read.get('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
      const assertion = await workflowToken({ url, token, audience }, surroundings);
      return { kind: 'assertion', assertion };
    },
  },
  {
    name: 'workload-identity',
    needs: ['AZURE_FEDERATED_TOKEN_FILE'],
    prove: (_, read, surroundings) => {
      const assertion = fileToken(read.get('AZURE_FEDERATED_TOKEN_FILE'), surroundings);
      return Promise.resolve({ kind: 'assertion', assertion });
    },
  },
];

/** A token for Azure Resource Manager. */
export async function signIn(settings: Settings, surroundings: Surroundings): Promise<Token> {
  const { credential, place, prefix, audience } = settings;
  const read = readerOf(prefix, surroundings);
  const scope = `${place.arm}/.default`;
  if (credential === 'azure-identity') {
    const token = await azureIdentityToken({ scope, ...hostOf(settings) }, surroundings);
    if (token !== undefined) return token;
    throw new RemoteProblem(
      'publish/no-credentials',
      'The package @azure/identity, which "credential" asks for, is not installed.',
      'Install it beside siemc: npm install --save-dev @azure/identity',
    );
  }
  const asked = ways(audience).filter(({ name }) => credential === 'auto' || name === credential);
  const way = asked.find(({ needs }) => missingOf([...application, ...needs], read).length === 0);
  if (way === undefined) {
    // Without a prefix of its own the package would sign in as another application than the destination's.
    const token =
      credential === 'auto' && prefix === ''
        ? await azureIdentityToken({ scope, ...hostOf(settings) }, surroundings)
        : undefined;
    if (token !== undefined) return token;
    throw nothingToSignInWith(asked, read, settings);
  }
  const of: Application = {
    authority: authorityOf(settings, read),
    tenant: read.get('AZURE_TENANT_ID'),
    clientId: read.get('AZURE_CLIENT_ID'),
  };
  return tokenFor(of, scope, await way.prove(of, read, surroundings), surroundings);
}

function readerOf(prefix: string, surroundings: Surroundings): Reader {
  const nameOf = (variable: string): string =>
    variable.startsWith('AZURE_') ? `${prefix}${variable}` : variable;
  const find = (variable: string): string | undefined => surroundings.env(nameOf(variable));
  return { nameOf, find, get: (variable) => find(variable) ?? '' };
}

function missingOf(variables: readonly string[], read: Reader): readonly string[] {
  return variables.filter((variable) => read.find(variable) === undefined).map(read.nameOf);
}

/** What is missing for each way to sign in. */
function nothingToSignInWith(
  asked: readonly Way[],
  read: Reader,
  { credential, prefix }: Settings,
): RemoteProblem {
  const lacks = asked.map(
    ({ name, needs }) => `for "${name}" ${missingOf([...application, ...needs], read).join(', ')}`,
  );
  const permission = asked.some(({ name }) => name === 'github')
    ? ' A workflow of GitHub has the variables ACTIONS_ID_TOKEN_REQUEST_… if its job has the permission "id-token: write".'
    : '';
  const peer =
    credential === 'auto' && prefix === ''
      ? ' Managed identities and the Azure CLI need the package @azure/identity, which is not installed.'
      : '';
  return new RemoteProblem(
    'publish/no-credentials',
    'The environment has nothing to sign in to Microsoft Azure with.',
    `These variables are missing: ${lacks.join('; ')}.${permission}${peer}`,
  );
}

/** Where tokens come from: what the configuration says, then what the environment says, then the usual place. */
function authorityOf({ authority, usualAuthority }: Settings, read: Reader): string {
  const said = read.find('AZURE_AUTHORITY_HOST');
  if (authority !== undefined || said === undefined) return authority ?? usualAuthority;
  // "AZURE_AUTHORITY_HOST" may be a host alone, as the Azure SDKs take it.
  const origin = originOf(said.includes('://') ? said : `https://${said}`);
  if (origin !== undefined) return origin;
  throw new RemoteProblem(
    'publish/sign-in',
    `${read.nameOf('AZURE_AUTHORITY_HOST')} is no address that credentials may be sent to.`,
    'It is the address of a host that is spoken to by https, such as https://login.microsoftonline.com.',
  );
}

/** The place that tokens come from where it isn't the public one; the package knows the environment's itself. */
function hostOf({ authority, usualAuthority, place }: Settings): {
  readonly authorityHost?: string;
} {
  if (authority !== undefined) return { authorityHost: authority };
  return place.arm === 'https://management.azure.com' ? {} : { authorityHost: usualAuthority };
}
