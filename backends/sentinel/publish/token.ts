import { type ApiReply, isMap, type RemoteProblem, type Surroundings, type Token } from '#backend';
import { signInProblem } from './sign-in-problem.ts';

/** Who signs in, and where. */
export interface Application {
  /** The origin of Microsoft Entra ID. */
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
}

/** What shows that it is the application that asks. */
export type Proof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** A token that the application or somebody whom it trusts has signed. */
  | { readonly kind: 'assertion'; readonly assertion: string };

/** Where a tenant gives tokens. */
export function tokenUrl({ authority, tenant }: Application): string {
  return `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
}

/** "OAuth 2.0 client credentials flow": a token for a scope. */
export async function tokenFor(
  application: Application,
  scope: string,
  proof: Proof,
  surroundings: Surroundings,
): Promise<Token> {
  const { clientId } = application;
  surroundings.hide(proof.kind === 'secret' ? proof.secret : proof.assertion);
  const reply = await surroundings.ask({
    method: 'POST',
    url: tokenUrl(application),
    form: [
      ['grant_type', 'client_credentials'],
      ['client_id', clientId],
      ['scope', scope],
      ...proofFields(proof),
    ],
    pace: 'reads',
  });
  const { access_token: token, expires_in: seconds } = isMap(reply.json) ? reply.json : {};
  if (reply.status !== 200 || typeof token !== 'string' || token === '')
    throw refusalOf(reply, proof);
  surroundings.hide(token);
  const lifetime = Number(seconds);
  return {
    authorization: `Bearer ${token}`,
    ...(Number.isFinite(lifetime) && { expires: surroundings.now() + lifetime * 1000 }),
  };
}

function proofFields(proof: Proof): readonly (readonly [string, string])[] {
  if (proof.kind === 'secret') return [['client_secret', proof.secret]];
  return [
    ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    ['client_assertion', proof.assertion],
  ];
}

function refusalOf({ status, json }: ApiReply, proof: Proof): RemoteProblem {
  const { error, error_description: text } = isMap(json) ? json : {};
  const why = [text, error].find((one) => typeof one === 'string' && one !== '');
  const subject = proof.kind === 'assertion' ? subjectOf(proof.assertion) : undefined;
  return signInProblem(String(why ?? `it answers with status ${status}`), subject);
}

/** For whom a token speaks, which is no secret. */
function subjectOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    const { sub } = isMap(claims) ? claims : {};
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
