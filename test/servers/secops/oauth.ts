import { timestamp } from '../http/clock.ts';
import { claimsOf, isSignedBy } from '../http/jwt.ts';
import { type ApiRequest, formIn, jsonReply, objectIn, type Reply } from '../http/message.ts';
import { type Tokens, tokenIn } from '../http/tokens.ts';
import type { ServiceAccount } from './model.ts';
import { statusReply } from './status.ts';

/** With what tokens are given out. */
export interface TokenDesk {
  readonly accounts: readonly ServiceAccount[];
  readonly tokens: Tokens;
  url(): string;
  now(): number;
}

const lifetime = 3599;
const scopes = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/chronicle',
];

/** The three ways to a token; nothing where the path is another's. */
export function tokenReply(request: ApiRequest, desk: TokenDesk): Reply | undefined {
  if (request.method !== 'POST') return undefined;
  if (request.path === '/token') return byAssertion(request, desk);
  if (request.path === '/v1/token') return byExchange(request, desk);
  const [, email] =
    /^\/v1\/projects\/-\/serviceAccounts\/(.+):generateAccessToken$/.exec(
      decodeURIComponent(request.path),
    ) ?? [];
  return email === undefined ? undefined : byImpersonation(request, email, desk);
}

/** An assertion that a service account's key has signed (RFC 7523). */
function byAssertion(request: ApiRequest, { accounts, tokens, url, now }: TokenDesk): Reply {
  const { grant_type: grant, assertion = '' } = formIn(request.body);
  if (grant !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    return oauthError('unsupported_grant_type', `Invalid grant_type: ${grant}`);
  const claims = claimsOf(assertion);
  const account = accounts.find(({ email }) => email === claims?.['iss']);
  if (claims === undefined || account?.publicKey === undefined)
    return oauthError('invalid_grant', 'Invalid grant: account not found');
  if (!isSignedBy(assertion, account.publicKey))
    return oauthError('invalid_grant', 'Invalid JWT Signature.');
  const time = Math.floor(now() / 1000);
  const [from, to] = [Number(claims['iat']), Number(claims['exp'])];
  if (!(from <= time + 300 && to > time && to - from <= 3600))
    return oauthError(
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.',
    );
  if (!['https://oauth2.googleapis.com/token', `${url()}/token`].includes(String(claims['aud'])))
    return oauthError('invalid_grant', 'Invalid JWT: Failed audience check.');
  if (!isScope(claims['scope']))
    return oauthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  return granted(tokens.issue(account.email, lifetime), {});
}

/** A token of a federated issuer, for one that may act as an account (RFC 8693). */
function byExchange(request: ApiRequest, { accounts, tokens, now }: TokenDesk): Reply {
  const isJson = request.headers['content-type']?.startsWith('application/json');
  const json = isJson ? objectIn(request.body) : undefined;
  const form = json === undefined ? formIn(request.body) : undefined;
  const member = (snake: string, camel: string): string =>
    form?.[snake] ?? String(json?.[camel] ?? '');
  if (member('grant_type', 'grantType') !== 'urn:ietf:params:oauth:grant-type:token-exchange')
    return oauthError('unsupported_grant_type', 'Invalid grant type.');
  if (
    member('requested_token_type', 'requestedTokenType') !==
    'urn:ietf:params:oauth:token-type:access_token'
  )
    return oauthError('invalid_request', 'Invalid requested token type.');
  if (!isScope(member('scope', 'scope'))) return oauthError('invalid_scope', 'Invalid scope.');
  const audience = member('audience', 'audience');
  const account = accounts.find(({ federated }) => federated?.audience === audience);
  if (account?.federated === undefined)
    return oauthError(
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid.',
    );
  const claims = claimsOf(member('subject_token', 'subjectToken'));
  const { issuer, subject } = account.federated;
  const meant = [audience, `https:${audience}`].includes(String(claims?.['aud']));
  if (claims?.['iss'] !== issuer || !meant || Number(claims['exp']) * 1000 <= now())
    return oauthError(
      'invalid_grant',
      'The given credential is rejected by the attribute condition.',
    );
  if (claims['sub'] !== subject)
    return oauthError(
      'unauthorized_client',
      'The given credential is rejected by the attribute condition.',
    );
  return granted(tokens.issue(`federated:${account.email}`, lifetime), {
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });
}

function byImpersonation(request: ApiRequest, email: string, { tokens, now }: TokenDesk): Reply {
  const bearer = tokens.find(tokenIn(request.headers['authorization'], 'Bearer') ?? '');
  if (bearer === undefined || bearer.expired)
    return statusReply('UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  if (bearer.subject !== `federated:${email}`)
    return statusReply(
      'PERMISSION_DENIED',
      "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    );
  const asked = objectIn(request.body)?.['scope'];
  if (!Array.isArray(asked) || !asked.every(isScope))
    return statusReply('INVALID_ARGUMENT', 'Invalid scope.');
  return jsonReply(200, {
    accessToken: tokens.issue(email, 3600),
    expireTime: timestamp(now() + 3_600_000),
  });
}

function isScope(scope: unknown): boolean {
  return String(scope)
    .split(' ')
    .every((one) => scopes.includes(one));
}

function granted(token: string, more: Readonly<Record<string, string>>): Reply {
  return jsonReply(200, {
    access_token: token,
    expires_in: lifetime,
    token_type: 'Bearer',
    ...more,
  });
}

function oauthError(error: string, description: string): Reply {
  return jsonReply(400, { error, error_description: description });
}
