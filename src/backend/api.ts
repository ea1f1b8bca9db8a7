/** JSON data. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A request to a SIEM, as data: what a plan shows of it is what is sent, but for the token. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, at one of the publisher's origins. Where it needs an id that the SIEM has yet to choose it says `{id}`. */
  readonly url: string;
  /** Beside those of the body and the token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body: JSON, or the fields of a form. */
  readonly json?: Json;
  readonly form?: readonly (readonly [string, string])[];
  /** Which of the publisher's rates it counts for. */
  readonly pace: string;
  /** For how many milliseconds to wait for the reply; left out: the publisher's. */
  readonly timeout?: number;
}

/** What a SIEM answers: always a body of JSON (or none); all else counts as no reply. */
export interface ApiReply {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Nothing where the reply has no body. */
  readonly json: unknown;
}

/**
 * Asks what changes nothing: tried again until there is an answer. Gives replies of 2xx and 404; throws `RemoteProblem`
 * for all else, with what `Publisher.messageOf` finds in it.
 */
export type Read = (call: ApiCall) => Promise<ApiReply>;

/** Why nothing more can be asked of a SIEM: it can't be reached, doesn't let us in, or answers what makes no sense. */
export class RemoteProblem extends Error {
  override readonly name = 'RemoteProblem';
  /** `publish/<slug>`. */
  readonly code: string;
  /** What would be right. */
  readonly hint: string | undefined;
  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** A token, as it stands in the header `Authorization`. */
export interface Token {
  readonly authorization: string;
  /** Milliseconds since 1970; left out: it doesn't expire. */
  readonly expires?: number;
}

/** What signing in may use of the machine. Secrets come from here and nowhere else. */
export interface Surroundings {
  /** An environment variable; empty ones are none. */
  env(name: string): string | undefined;
  /** The text of a file, by its path from the root of the project; throws `RemoteProblem` if it can't be read. */
  readFile(path: string): string;
  /** A package that the user may have installed, if so. */
  load(name: string): Promise<unknown>;
  /**
   * Asks without a token what can be asked twice: replies of any status below 500 but 429. The address needn't be one of the
   * publisher's origins, but `https:`, or on this machine.
   */
  ask(call: ApiCall): Promise<ApiReply>;
  /** Milliseconds since 1970. */
  now(): number;
  /** From here on a text appears in nothing that is written or told. */
  hide(secret: string): void;
}
