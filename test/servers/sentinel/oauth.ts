import { claimsOf, isSignedByCertificate } from '../http/jwt.ts';
import {
  type ApiRequest,
  formIn,
  type JsonObject,
  jsonReply,
  type Reply,
} from '../http/message.ts';
import type { Tokens } from '../http/tokens.ts';
import type { Principal } from './model.ts';

const lifetime = 3599;

/** The token endpoint of a tenant: client credentials, by a secret, a certificate or a token of a federated issuer. */
export function tokenReply(
  request: ApiRequest,
  {
    tenant,
    principals,
    tokens,
    scopes,
    url,
    now,
  }: {
    readonly tenant: string;
    readonly principals: readonly Principal[];
    readonly tokens: Tokens;
    readonly scopes: readonly string[];
    /** The address of this endpoint, whole. */
    readonly url: string;
    readonly now: number;
  },
): Reply {
  const form = formIn(request.body);
  if (request.segments[0] !== tenant)
    return oauthError(400, 'invalid_request', 90002, `Tenant '${request.segments[0]}' not found.`);
  if (form['grant_type'] !== 'client_credentials')
    return oauthError(
      400,
      'unsupported_grant_type',
      70003,
      'The app requested an unsupported grant type.',
    );
  if (!scopes.includes(form['scope'] ?? ''))
    return oauthError(
      400,
      'invalid_scope',
      70011,
      `The provided value for scope ${form['scope']} is not valid.`,
    );
  const principal = principals.find(({ clientId }) => clientId === form['client_id']);
  if (principal === undefined)
    return oauthError(
      400,
      'unauthorized_client',
      700016,
      'Application was not found in the directory.',
    );
  const problem = credentialProblem(form, principal, { url, now });
  if (problem !== undefined) return problem;
  return jsonReply(200, {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: tokens.issue(principal.clientId, lifetime),
  });
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Signatures of federated tokens aren't looked at: whose they are and whom they are for is. */
function credentialProblem(
  form: Readonly<Record<string, string>>,
  { clientId, secret, certificate, federated }: Principal,
  { url, now }: { readonly url: string; readonly now: number },
): Reply | undefined {
  const { client_secret: given, client_assertion: assertion = '' } = form;
  if (given !== undefined)
    return given === secret
      ? undefined
      : oauthError(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  if (form['client_assertion_type'] !== assertionType)
    return oauthError(
      401,
      'invalid_client',
      7000218,
      "The request body must contain 'client_assertion' or 'client_secret'.",
    );
  const claims = claimsOf(assertion);
  if (claims === undefined)
    return oauthError(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.');
  if (claims['iss'] === clientId)
    return certificateProblem(assertion, claims, { clientId, certificate, url, now });
  if (claims['aud'] !== federated?.audience || claims['iss'] !== federated?.issuer)
    return oauthError(
      401,
      'invalid_client',
      700212,
      'No matching federated identity record found for presented assertion audience.',
    );
  if (claims['sub'] !== federated?.subject)
    return oauthError(
      401,
      'invalid_client',
      700213,
      `No matching federated identity record found for presented assertion subject '${String(claims['sub'])}'.`,
    );
  if (Number(claims['exp'] ?? 0) * 1000 <= now)
    return oauthError(
      401,
      'invalid_client',
      700024,
      'Client assertion is not within its valid time range.',
    );
  return undefined;
}

/** "Microsoft identity platform application authentication certificate credentials" */
function certificateProblem(
  assertion: string,
  { aud, sub, jti, nbf, exp }: JsonObject,
  {
    clientId,
    certificate,
    url,
    now,
  }: {
    readonly clientId: string;
    readonly certificate: string | undefined;
    readonly url: string;
    readonly now: number;
  },
): Reply | undefined {
  if (certificate === undefined || !isSignedByCertificate(assertion, certificate))
    return oauthError(
      401,
      'invalid_client',
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on application, or the signature is invalid.',
    );
  if (aud !== url)
    return oauthError(
      401,
      'invalid_client',
      700023,
      'Client assertion audience claim does not match Realm issuer.',
    );
  if (sub !== clientId || typeof jti !== 'string')
    return oauthError(401, 'invalid_client', 700021, 'Client assertion lacks a claim.');
  const seconds = now / 1000;
  return Number(nbf) <= seconds && seconds < Number(exp) && Number(exp) - Number(nbf) <= 600
    ? undefined
    : oauthError(
        401,
        'invalid_client',
        700024,
        'Client assertion is not within its valid time range.',
      );
}

function oauthError(status: number, error: string, code: number, text: string): Reply {
  return jsonReply(status, {
    error,
    error_description: `AADSTS${code}: ${text}`,
    error_codes: [code],
  });
}
