import type { Ids } from './ids.ts';

/** Who a token is for, and whether it still counts. */
export interface Bearer {
  readonly subject: string;
  readonly expires: number;
  readonly expired: boolean;
}

/** The access tokens that a server gave out. */
export interface Tokens {
  issue(subject: string, seconds: number): string;
  find(token: string): Bearer | undefined;
}

/** Tokens that expire by the clock. */
export function tokensOf(ids: Ids, now: () => number): Tokens {
  const given = new Map<string, { readonly subject: string; readonly expires: number }>();
  return {
    issue(subject, seconds) {
      const token = `tok_${ids.hex(40)}`;
      given.set(token, { subject, expires: now() + seconds * 1000 });
      return token;
    },
    find(token) {
      const bearer = given.get(token);
      return bearer && { ...bearer, expired: bearer.expires <= now() };
    },
  };
}

/** The token of an `Authorization` header with a scheme. */
export function tokenIn(header: string | undefined, scheme: string): string | undefined {
  const [, found, token] = /^(\S+) +(\S+)$/.exec(header ?? '') ?? [];
  return found?.toLowerCase() === scheme.toLowerCase() ? token : undefined;
}
