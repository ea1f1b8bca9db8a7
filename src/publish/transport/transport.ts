import type { ApiCall, ApiReply, Read } from '../../backend/api.ts';

/** What became of a request that changes something. */
export type Sent =
  /** The SIEM answered, in JSON or without a body. Never 3xx, 401, 408, 429, 5xx. */
  | { readonly kind: 'reply'; readonly reply: ApiReply }
  /** It was certainly not carried out, and the SIEM can't be asked any more: why. */
  | { readonly kind: 'unsent'; readonly why: string }
  /** It may have been carried out or not: why nobody knows. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The way to one SIEM: with its token, at its pace, to its hosts only. */
export interface Transport {
  readonly read: Read;
  /** As `read`, but gives replies of all statuses: what is refused is the answer. */
  readonly ask: Read;
  /**
   * Sends what changes something. What certainly wasn't carried out (no connection, 429, a token that has expired) is sent
   * again; else a call is sent again only if it may be (`repeatable`), a few times. Throws `RemoteProblem` when it certainly
   * wasn't carried out and trying again wouldn't help: nobody can sign in, the certificate isn't trusted.
   */
  send(call: ApiCall, repeatable: boolean): Promise<Sent>;
  /** How many requests went out, by method: reads and writes, also those that failed. */
  readonly sent: ReadonlyMap<string, number>;
  close(): Promise<void>;
}
