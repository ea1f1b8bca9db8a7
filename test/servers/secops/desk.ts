import type { Ids } from '../http/ids.ts';
import type { ApiRequest, JsonObject, Reply } from '../http/message.ts';
import type { Holdings } from './model.ts';

/** What handlers share. */
export interface Desk extends Holdings {
  readonly ids: Ids;
  /** No page is longer than this, however long a client asks for. */
  readonly longestPage: number;
  /** Whether the deployment of a rule is enabled as soon as there is the rule: no documentation says. */
  readonly enabledAtOnce: boolean;
  now(): number;
  violate(request: ApiRequest, message: string): void;
}

/** A request on a resource: the parts of its path that vary, and its body. */
export interface Call {
  readonly request: ApiRequest;
  readonly ids: readonly string[];
  /** Empty where the request has none. */
  readonly body: JsonObject;
}

/** Does a request. */
export type Handler = (call: Call, desk: Desk) => Reply;
