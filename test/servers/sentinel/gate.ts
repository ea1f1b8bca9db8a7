import { type bucket, perSecond, type Rate, type Taken } from '../http/bucket.ts';
import type { ApiRequest, Reply } from '../http/message.ts';
import { type Tokens, tokenIn } from '../http/tokens.ts';
import { armError } from './arm.ts';
import { type Principal, scopeOf, type Workspace } from './model.ts';

/** The token buckets of Azure Resource Manager, for each principal and subscription. */
export interface ArmRates {
  readonly reads: Rate;
  readonly writes: Rate;
  readonly deletes: Rate;
}

/** As they are documented. */
export const armRates: ArmRates = {
  reads: { ...perSecond(25), capacity: 250 },
  writes: { ...perSecond(10), capacity: 200 },
  deletes: { ...perSecond(10), capacity: 200 },
};

/** Who asks, or why nobody does. */
export function principalOf(
  request: ApiRequest,
  principals: readonly Principal[],
  tokens: Tokens,
): Principal | Reply {
  const token = tokenIn(request.headers['authorization'], 'Bearer');
  const refused = (code: string, message: string): Reply =>
    armError(401, code, message, {
      'www-authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token"`,
    });
  if (token === undefined)
    return refused(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  const bearer = tokens.find(token);
  if (bearer?.expired) return expired(bearer.expires);
  const principal = principals.find(({ clientId }) => clientId === bearer?.subject);
  return principal ?? refused('InvalidAuthenticationToken', 'The access token is invalid.');
}

/** A token that was good. */
export function expired(time: number): Reply {
  return armError(
    401,
    'ExpiredAuthenticationToken',
    `The access token expiry UTC time '${new Date(time).toISOString()}' is earlier than the current UTC time.`,
    { 'www-authenticate': 'Bearer error="invalid_token"' },
  );
}

/** What a verb takes of. */
export function rateOf(method: string): keyof ArmRates {
  return method === 'GET' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
}

/** Why a request comes too early. */
export function throttled(
  taken: Taken | undefined,
  kind: keyof ArmRates,
  subscription: string,
): Reply | undefined {
  if (taken === undefined || taken.allowed) return undefined;
  return armError(
    429,
    'TooManyRequests',
    `Number of '${kind}' requests for subscription '${subscription}' exceeded. Please try again after '${taken.wait}' seconds.`,
    { 'retry-after': `${taken.wait}` },
  );
}

/** Buckets that were begun, by principal and kind. */
export type Buckets = Map<string, ReturnType<typeof bucket>>;

/** Why a principal may not do something. */
export function permissionRefusal(
  { clientId, denied = [] }: Principal,
  type: string,
  method: string,
  workspace: Workspace,
): Reply | undefined {
  const verb = { reads: 'read', writes: 'write', deletes: 'delete' }[rateOf(method)];
  const action = `Microsoft.SecurityInsights/${type}/${verb}`;
  if (!denied.some((one) => one.toLowerCase() === action.toLowerCase())) return undefined;
  return armError(
    403,
    'AuthorizationFailed',
    `The client '${clientId}' does not have authorization to perform action '${action}' over scope '${scopeOf(workspace)}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}
