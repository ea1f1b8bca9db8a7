import { bucket, perSecond, type Rate, type Taken } from '../http/bucket.ts';
import { type ManualClock, manualClock } from '../http/clock.ts';
import { idsOf } from '../http/ids.ts';
import { type ApiRequest, isOfType, objectIn, pageReply, type Reply } from '../http/message.ts';
import { type Api, type ServerContext, startServer, type TestServer } from '../http/server.ts';
import { tokenIn, tokensOf } from '../http/tokens.ts';
import { violation } from './check-body.ts';
import { described } from './compile.ts';
import type { Desk } from './desk.ts';
import {
  editor,
  type Holdings,
  instance,
  type ReferenceList,
  type SecopsRule,
  type SecopsState,
  type ServiceAccount,
} from './model.ts';
import { tokenReply } from './oauth.ts';
import { type Route, routes } from './routes.ts';
import { newEtag, newRule } from './rules.ts';
import { statusReply } from './status.ts';

/** How the instance is. */
export interface SecopsOptions {
  readonly clock?: ManualClock;
  readonly accounts?: readonly ServiceAccount[];
  /** How often each method may be called, and some by name. Documented for the older API: once a second. */
  readonly rate?: Rate;
  readonly rates?: Readonly<Record<string, Rate>>;
  /** In which versions of the API a method is; those that aren't named are in all. */
  readonly versions?: Readonly<Record<string, readonly string[]>>;
  readonly longestPage?: number;
  readonly enabledAtOnce?: boolean;
  readonly seed?: number;
}

/** Google SecOps with one instance, and Google's token endpoints. */
export interface SecopsServer extends TestServer {
  readonly clock: ManualClock;
  /** An access token of an account, as a metadata server would give it. */
  tokenFor(email: string): string;
  state(): SecopsState;
  /** What people do in the console. */
  readonly console: {
    /** Makes a rule, of whatever text, and tells its id. */
    make(text: string): string;
    /** Changes a rule; what it has of its own is kept. */
    edit(id: string, change: (rule: SecopsRule) => Partial<SecopsRule>): void;
    discard(id: string): void;
    /** Makes or replaces a reference list. */
    list(list: Omit<ReferenceList, 'updated'>): void;
  };
}

/** Starts an instance of Google SecOps. */
export async function startSecops(options: SecopsOptions = {}): Promise<SecopsServer> {
  const clock = options.clock ?? manualClock();
  const holdings: Holdings = { rules: new Map(), lists: new Map(), tables: new Map() };
  const ids = idsOf(options.seed ?? 1);
  const tokens = tokensOf(idsOf(2), clock.now);
  const shared: Omit<Desk, 'violate'> = {
    ...holdings,
    ids,
    now: clock.now,
    longestPage: options.longestPage ?? 1000,
    enabledAtOnce: options.enabledAtOnce ?? false,
  };
  const server = await startServer(
    (context) => secopsApi(options, { desk: { ...context, ...shared }, context, tokens }),
    clock.now,
  );
  return {
    ...server,
    clock,
    tokenFor: (email) => tokens.issue(email, 3600),
    state: () =>
      structuredClone({
        rules: [...holdings.rules.values()],
        referenceLists: [...holdings.lists.values()],
        dataTables: [...holdings.tables.values()],
      }),
    console: {
      make(text) {
        const rule = newRule(text, described(text), shared);
        holdings.rules.set(rule.id, rule);
        return rule.id;
      },
      edit(id, change) {
        const rule = holdings.rules.get(id);
        if (rule === undefined) throw new Error(`there is no rule ${id}`);
        holdings.rules.set(id, { ...rule, etag: newEtag({ ids }), ...change(rule) });
      },
      discard: (id) => holdings.rules.delete(id),
      list: (list) => holdings.lists.set(list.id, { ...list, updated: clock.now() }),
    },
  };
}

interface Parts {
  readonly desk: Desk;
  readonly context: ServerContext;
  readonly tokens: ReturnType<typeof tokensOf>;
}

function secopsApi(options: SecopsOptions, { desk, context, tokens }: Parts): Api {
  const { accounts = [editor], rate = perSecond(1), rates = {}, versions = {} } = options;
  const takers = new Map<string, () => Taken>();

  function accountOf(request: ApiRequest): ServiceAccount | Reply {
    const token = tokenIn(request.headers['authorization'], 'Bearer');
    const bearer = tokens.find(token ?? '');
    if (token === undefined || bearer === undefined || bearer.expired) return unauthenticated();
    const account = accounts.find(({ email }) => email === bearer.subject);
    // A federated identity by itself has no permissions: it may act as the account.
    return account ?? denied('chronicle.instances.get');
  }

  function methodReply(request: ApiRequest, found: Route, below: string): Reply {
    const account = accountOf(request);
    if ('status' in account) return account;
    const take = takers.get(found.name) ?? bucket(rates[found.name] ?? rate, context.now);
    takers.set(found.name, take);
    if (!take().allowed)
      return statusReply('RESOURCE_EXHAUSTED', `Quota exceeded for quota metric '${found.name}'.`);
    const permission = `chronicle.${found.name}`;
    if (account.denied?.includes(permission)) return denied(permission);
    const ids = found.path.exec(below)?.slice(1) ?? [];
    if (!['POST', 'PATCH'].includes(request.method))
      return found.handler({ request, ids, body: {} }, desk);
    const body = isOfType(request, 'application/json') ? objectIn(request.body) : undefined;
    if (body === undefined) return violation('Invalid JSON payload received.', request, desk);
    return found.handler({ request, ids, body }, desk);
  }

  return {
    handle(request) {
      const given = tokenReply(request, { ...context, accounts, tokens });
      if (given !== undefined) return given;
      const path = request.segments.join('/');
      const [, version = '', below = ''] =
        new RegExp(`^(v1|v1beta|v1alpha)/${instance}([:/].*)$`).exec(path) ?? [];
      const named = routes.filter(
        ({ verb, path: pattern }) => verb === request.method && pattern.test(below),
      );
      const found = named.find(({ name }) => versions[name]?.includes(version) ?? true);
      if (found !== undefined) return methodReply(request, found, below);
      if (below === '' && /^v1\w*\/projects\/[^/]+\/locations\/[^/]+\/instances\//.test(path))
        return statusReply('NOT_FOUND', 'Requested entity was not found.');
      if (named.length === 0)
        context.violate(request, `there is no ${request.method} ${path} here`);
      return pageReply(404, 'Error 404 (Not Found)!!1');
    },
    failure(status) {
      switch (status) {
        case 401:
          return unauthenticated();
        case 409:
          return statusReply('ABORTED', 'The operation was aborted.');
        case 429:
          return statusReply(
            'RESOURCE_EXHAUSTED',
            'Resource has been exhausted (e.g. check quota).',
          );
        case 502:
          return pageReply(502, 'Error 502 (Server Error)!!1');
        case 500:
          return statusReply('INTERNAL', 'Internal error encountered.');
        case 503:
          return statusReply('UNAVAILABLE', 'The service is currently unavailable.');
      }
    },
  };
}

function unauthenticated(): Reply {
  return statusReply(
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_EXPIRED',
        domain: 'googleapis.com',
      },
    ],
  );
}

function denied(permission: string): Reply {
  return statusReply(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '//chronicle.googleapis.com/${instance}' (or it may not exist).`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission },
      },
    ],
  );
}
