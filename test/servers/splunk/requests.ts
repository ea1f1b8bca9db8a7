import type { ApiRequest } from '../http/message.ts';
import type { Answer } from './answer.ts';
import type { ValueStyle } from './content.ts';
import type { Kind, Namespace, SplunkUser } from './model.ts';
import type { Store } from './store.ts';

/** A request on a collection or one of its objects. */
export interface ObjectRequest {
  readonly request: ApiRequest;
  readonly user: SplunkUser;
  readonly kind: Kind;
  readonly at: Namespace;
  readonly name: string | undefined;
  /** The arguments of the body, without those that ask for a form of the answer. */
  readonly form: Readonly<Record<string, string>>;
}

/** What handlers of requests share. */
export interface Desk {
  readonly store: Store;
  /** Which roles may write to an app. */
  readonly apps: Readonly<Record<string, readonly string[]>>;
  readonly style: ValueStyle;
  now(): number;
  /** Records a request that breaks the documentation. */
  violate(request: ApiRequest, message: string): void;
}

/** Does a request. */
export type Handler = (asked: ObjectRequest, desk: Desk) => Answer;
