import { isMap, RemoteProblem, type Surroundings } from '#backend';

/** "OpenID Connect reference" (GitHub Actions): a token that says which workflow runs. */
export async function workflowToken(
  {
    url,
    token,
    audience,
  }: { readonly url: string; readonly token: string; readonly audience: string },
  surroundings: Surroundings,
): Promise<string> {
  surroundings.hide(token);
  if (!URL.canParse(url)) throw noToken('ACTIONS_ID_TOKEN_REQUEST_URL is no address');
  // The address has a query already, and nobody says that it always has.
  const asked = `${url}${url.includes('?') ? '&' : '?'}audience=${encodeURIComponent(audience)}`;
  const { status, json } = await surroundings.ask({
    method: 'GET',
    url: asked,
    headers: { authorization: `Bearer ${token}` },
    pace: 'reads',
  });
  const { value } = isMap(json) ? json : {};
  if (status !== 200 || typeof value !== 'string' || value === '')
    throw noToken(`it answers with status ${status}`);
  return value;
}

function noToken(why: string): RemoteProblem {
  return new RemoteProblem(
    'publish/sign-in',
    `GitHub gives no token for this workflow: ${why}.`,
    'The job needs the permission "id-token: write".',
  );
}

/** The token that somebody keeps fresh in a file, as Kubernetes does for workload identities. */
export function fileToken(path: string, surroundings: Surroundings): string {
  const token = surroundings.readFile(path).trim();
  if (/^[\w-]+(?:\.[\w-]*)+$/.test(token)) return token;
  throw new RemoteProblem(
    'publish/sign-in',
    `The file ${path} of AZURE_FEDERATED_TOKEN_FILE holds no token.`,
    'It holds a JSON Web Token and nothing else.',
  );
}
