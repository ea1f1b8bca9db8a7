import { isMap, RemoteProblem, type Surroundings, type Token } from '#backend';
import { signInProblem } from './sign-in-problem.ts';

/** The package of Microsoft, for the identities that siemc doesn't know of itself. */
const name = '@azure/identity';

/** What is used of it. */
interface AzureIdentity {
  readonly DefaultAzureCredential: new (options: {
    readonly authorityHost?: string;
  }) => {
    getToken(
      scope: string,
    ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>;
  };
}

/** A token of whatever identity the package finds; nothing if it isn't installed. */
export async function azureIdentityToken(
  { scope, ...options }: { readonly scope: string; readonly authorityHost?: string },
  surroundings: Surroundings,
): Promise<Token | undefined> {
  const loaded = await surroundings.load(name);
  if (loaded === undefined || loaded === null) return undefined;
  if (!isAzureIdentity(loaded))
    throw new RemoteProblem(
      'publish/sign-in',
      `The package ${name} has no DefaultAzureCredential.`,
      `Install version 4 of ${name}.`,
    );
  try {
    const credential = new loaded.DefaultAzureCredential(options);
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    surroundings.hide(token);
    return { authorization: `Bearer ${token}`, expires: expiresOnTimestamp };
  } catch (error) {
    throw signInProblem(error instanceof Error ? error.message : String(error));
  }
}

function isAzureIdentity(value: unknown): value is AzureIdentity {
  return isMap(value) && typeof value['DefaultAzureCredential'] === 'function';
}
