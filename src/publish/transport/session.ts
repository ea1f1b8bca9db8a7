import type { Token } from '../../backend/api.ts';

/** The token in use, which several requests share. */
export interface Session {
  token(): Promise<Token>;
  /** Whether a token is still the one in use. */
  holds(token: Token): boolean;
  /** The SIEM didn't take this one: the next is another. */
  drop(token: Token): void;
}

/** How long before it expires a token is renewed, in milliseconds; of short-lived ones a tenth of their life. */
const margin = 60_000;

/** Signs in when a token is needed, and again shortly before it expires. */
export function sessionOf(signIn: () => Promise<Token>, now: () => number): Session {
  let coming: Promise<Token> | undefined;
  let current: { readonly token: Token; readonly until: number } | undefined;

  async function renew(): Promise<Token> {
    const begun = now();
    try {
      const token = await signIn();
      current = { token, until: until(token, begun) };
      return token;
    } finally {
      coming = undefined;
    }
  }
  const inUse = (): Token | undefined =>
    current !== undefined && now() < current.until ? current.token : undefined;
  return {
    token() {
      const token = inUse();
      if (token !== undefined) return Promise.resolve(token);
      coming ??= renew();
      return coming;
    },
    holds: (token) => inUse() === token,
    drop(token) {
      if (current?.token === token) current = undefined;
    },
  };
}

/** Until when a token is used. One that has expired as it comes shows that clocks differ: the SIEM will tell. */
function until({ expires = Infinity }: Token, now: number): number {
  return expires <= now ? Infinity : expires - Math.min(margin, (expires - now) / 10);
}
