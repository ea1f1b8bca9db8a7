import {
  type ApiCall,
  type ApiReply,
  isMap,
  RemoteProblem,
  type Surroundings,
  type Token,
} from '#backend';
import { messageOf, textOf } from '../replies.ts';

/** What a token may do: what IAM lets its account do. */
export const scope = 'https://www.googleapis.com/auth/cloud-platform';

/** A request for a token. */
export function tokenCall(more: Omit<ApiCall, 'method' | 'pace'>): ApiCall {
  return { method: 'POST', pace: 'signIn', ...more };
}

/** The access token in a reply of a token endpoint (RFC 6749). */
export function grantedToken(reply: ApiReply, who: string, surroundings: Surroundings): Token {
  const { access_token: token, expires_in: seconds } = isMap(reply.json) ? reply.json : {};
  return tokenOf(textOf(token), lifetime(seconds, surroundings), reply, who, surroundings);
}

/** The access token in a reply of `generateAccessToken`. */
export function generatedToken(reply: ApiReply, who: string, surroundings: Surroundings): Token {
  const { accessToken: token, expireTime } = isMap(reply.json) ? reply.json : {};
  const time = Date.parse(String(expireTime));
  return tokenOf(textOf(token), Number.isNaN(time) ? undefined : time, reply, who, surroundings);
}

/** Why there is no token. */
export function refusedSignIn(reply: ApiReply, who: string): RemoteProblem {
  const why = messageOf(reply) ?? `status ${reply.status}`;
  return new RemoteProblem(
    'publish/sign-in',
    `Google doesn't let in ${who}: ${why}`,
    'Check the credential, the clock of this machine, and for workload identity federation the conditions of the provider and the role roles/iam.workloadIdentityUser.',
  );
}

function tokenOf(
  token: string | undefined,
  expires: number | undefined,
  reply: ApiReply,
  who: string,
  surroundings: Surroundings,
): Token {
  if (reply.status >= 300 || token === undefined) throw refusedSignIn(reply, who);
  surroundings.hide(token);
  return { authorization: `Bearer ${token}`, ...(expires !== undefined && { expires }) };
}

function lifetime(seconds: unknown, surroundings: Surroundings): number | undefined {
  const count = Number(seconds);
  return seconds === undefined || Number.isNaN(count)
    ? undefined
    : surroundings.now() + count * 1000;
}
