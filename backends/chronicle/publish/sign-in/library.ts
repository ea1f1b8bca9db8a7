import { isMap, RemoteProblem, type Surroundings, type Token } from '#backend';
import { textOf } from '../replies.ts';
import type { Credentials } from './credentials.ts';
import { scope } from './token-reply.ts';

/** The part of google-auth-library that is used. */
interface Library {
  readonly GoogleAuth: new (options: {
    readonly scopes: readonly string[];
    readonly credentials?: object;
  }) => { getClient(): Promise<Client> };
}

interface Client {
  getAccessToken(): Promise<{ readonly token?: string | null }>;
  readonly credentials?: { readonly expiry_date?: number | null };
}

/** Signs in by Google's own library, if the user has it: metadata servers, people's own logins, AWS, certificates. */
export async function byLibrary(
  credentials: Credentials | undefined,
  surroundings: Surroundings,
  missing: string,
): Promise<Token> {
  const library = await surroundings.load('google-auth-library');
  if (!isLibrary(library))
    throw new RemoteProblem(
      'publish/no-credentials',
      missing,
      'Name a key of a service account or a configuration of workload identity federation in GOOGLE_APPLICATION_CREDENTIALS, or run npm install google-auth-library, which knows the other ways.',
    );
  const auth = new library.GoogleAuth({
    scopes: [scope],
    ...(credentials !== undefined && { credentials: credentials.json }),
  });
  const { token, expires } = await tokenBy(auth);
  surroundings.hide(token);
  return { authorization: `Bearer ${token}`, ...(expires !== undefined && { expires }) };
}

async function tokenBy(
  auth: InstanceType<Library['GoogleAuth']>,
): Promise<{ readonly token: string; readonly expires: number | undefined }> {
  try {
    const client = await auth.getClient();
    const token = textOf((await client.getAccessToken()).token);
    if (token !== undefined)
      return { token, expires: client.credentials?.expiry_date ?? undefined };
  } catch (error) {
    throw signInProblem(error instanceof Error ? error.message : String(error));
  }
  throw signInProblem('it gives no token.');
}

function signInProblem(why: string): RemoteProblem {
  return new RemoteProblem(
    'publish/sign-in',
    `google-auth-library can't sign in: ${why}`,
    'See Application Default Credentials in the documentation of Google Cloud.',
  );
}

function isLibrary(value: unknown): value is Library {
  return isMap(value) && typeof value['GoogleAuth'] === 'function';
}
