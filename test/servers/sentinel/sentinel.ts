import { bucket, type Taken } from '../http/bucket.ts';
import { type ManualClock, manualClock } from '../http/clock.ts';
import { type Ids, idsOf } from '../http/ids.ts';
import { type ApiRequest, isOfType, type JsonObject, type Reply } from '../http/message.ts';
import { type Api, type ServerContext, startServer, type TestServer } from '../http/server.ts';
import { type Tokens, tokensOf } from '../http/tokens.ts';
import { armError } from './arm.ts';
import {
  type ArmRates,
  armRates,
  type Buckets,
  expired,
  permissionRefusal,
  principalOf,
  rateOf,
  throttled,
} from './gate.ts';
import {
  type AlertRule,
  contributor,
  type Principal,
  reader,
  scopeOf,
  tenant,
  type Watchlist,
  workspace,
} from './model.ts';
import { tokenReply } from './oauth.ts';
import { autoDisabled, newEtag, type RuleStore, ruleStore } from './rule-store.ts';
import { type RuleDesk, rulesReply } from './rules.ts';
import { keptProperties } from './shown.ts';
import { itemsReply } from './watchlist-items.ts';
import { operationReply, type WatchlistDesk, watchlistsReply, withRows } from './watchlists.ts';

/** How the workspace is. */
export interface SentinelOptions
  extends Partial<
    Pick<
      RuleDesk,
      'pageSize' | 'seed' | 'missingTables' | 'compiles' | 'limits' | 'durations' | 'ifMatch'
    >
  > {
  readonly clock?: ManualClock;
  readonly principals?: readonly Principal[];
  /** After so many milliseconds a write can be read. */
  readonly readDelay?: number;
  /** How many milliseconds uploads and deletions of watchlists take. */
  readonly watchlistDelay?: number;
  readonly rates?: ArmRates;
}

/** What a workspace holds, as plain data. */
export interface SentinelState {
  readonly rules: readonly AlertRule[];
  readonly watchlists: readonly Watchlist[];
}

/** Azure Resource Manager with one workspace, and the token endpoint of its tenant. */
export interface SentinelServer extends TestServer {
  readonly clock: ManualClock;
  /** As it is, whatever readers see. */
  state(): SentinelState;
  /** What people do in the portal. */
  readonly portal: {
    /** Makes a rule of any kind. */
    make(rule: Omit<AlertRule, 'etag'>): void;
    /** Changes properties of a rule. */
    edit(id: string, properties: JsonObject): void;
    discard(id: string): void;
    /** The service disables a rule that failed too often. */
    autoDisable(id: string, reason: string): void;
    /** Makes or changes a watchlist, and adds rows to it. */
    watchlist(alias: string, properties: JsonObject, rows: readonly JsonObject[]): void;
  };
}

/** Starts a workspace of Microsoft Sentinel. */
export async function startSentinel(options: SentinelOptions = {}): Promise<SentinelServer> {
  const clock = options.clock ?? manualClock();
  const ids = idsOf(options.seed ?? 1);
  const rules = ruleStore(ids, clock.now, options.readDelay ?? 0);
  const lists = new Map<string, Watchlist>();
  const server = await startServer(
    (context) => sentinelApi(options, { rules, lists, ids }, context),
    clock.now,
  );
  const ruleAt = (id: string): AlertRule => {
    const rule = rules.now().get(id.toLowerCase());
    if (rule === undefined) throw new Error(`there is no rule ${id}`);
    return rule;
  };
  return {
    ...server,
    clock,
    state: () =>
      structuredClone({ rules: [...rules.now().values()], watchlists: [...lists.values()] }),
    portal: {
      make({ properties, ...rule }) {
        const kept = keptProperties(properties, clock.now(), options.durations ?? 'sent');
        rules.put({ ...rule, properties: kept });
      },
      edit(id, properties) {
        const rule = ruleAt(id);
        rules.put({ ...rule, properties: { ...rule.properties, ...properties } });
      },
      discard: (id) => rules.remove(ruleAt(id).id),
      autoDisable: (id, reason) => {
        rules.put(autoDisabled(ruleAt(id), reason));
      },
      watchlist(alias, properties, rows) {
        const before = lists.get(alias.toLowerCase());
        lists.set(alias.toLowerCase(), {
          alias,
          etag: newEtag(ids),
          readyAt: clock.now(),
          goneAt: undefined,
          properties: { ...before?.properties, ...properties },
          items: withRows(before?.items ?? [], rows, { ids, now: clock.now }),
        });
      },
    },
  };
}

const apiVersions = ['2025-06-01', '2025-09-01', '2025-07-01-preview', '2025-10-01-preview'];

interface Kept {
  readonly rules: RuleStore;
  readonly lists: Map<string, Watchlist>;
  readonly ids: Ids;
}

function sentinelApi(options: SentinelOptions, kept: Kept, context: ServerContext): Api {
  const { principals = [contributor, reader], rates = armRates } = options;
  const tokens: Tokens = tokensOf(idsOf(2), context.now);
  const scope = scopeOf(workspace);
  const buckets: Buckets = new Map();
  const shared = { ...context, scope, pageSize: options.pageSize ?? 100, seed: options.seed ?? 1 };
  const ruleDesk: RuleDesk = {
    ...shared,
    store: kept.rules,
    workspace: workspace.name,
    missingTables: options.missingTables ?? [],
    compiles: options.compiles ?? (() => undefined),
    limits: options.limits ?? { Scheduled: 512, NRT: 50 },
    durations: options.durations ?? 'sent',
    ifMatch: options.ifMatch ?? 'ignored',
  };
  const listDesk: WatchlistDesk = { ...shared, ...kept, delay: options.watchlistDelay ?? 0 };

  const taken = (principal: Principal, method: string): Taken => {
    const kind = rateOf(method);
    const key = `${principal.clientId} ${kind}`;
    const take = buckets.get(key) ?? bucket(rates[kind], context.now);
    buckets.set(key, take);
    return take();
  };

  function resourceReply(request: ApiRequest, principal: Principal): Reply {
    const below = segmentsBelow(request, scope);
    if ('status' in below) return below;
    const [type = '', id] = below;
    const wrong = versionRefusal(request) ?? typeRefusal(request);
    if (wrong !== undefined) {
      context.violate(request, wrong.body);
      return wrong;
    }
    const refused = permissionRefusal(principal, type, request.method, workspace);
    if (refused !== undefined) return refused;
    const reply = replyOf(request, below);
    if (reply === undefined || reply.status === 405)
      context.violate(request, `there is no ${request.method} ${below.join('/')} here`);
    const kind = `The resource type '${type}' of '${id}' could not be found.`;
    return reply ?? armError(404, 'InvalidResourceType', kind);
  }

  function replyOf(
    request: ApiRequest,
    [type = '', id, sub, subId, ...rest]: readonly string[],
  ): Reply | undefined {
    switch (`${type}/${sub ?? ''}`.toLowerCase()) {
      case 'alertrules/':
        return rulesReply(request, id, ruleDesk);
      case 'operations/':
        return operationReply(id ?? '', context.now());
      case 'watchlists/':
        return watchlistsReply(request, id, listDesk);
      case 'watchlists/watchlistitems':
        return rest.length > 0
          ? undefined
          : itemsReply(request, { alias: id ?? '', id: subId }, listDesk);
      default:
        return undefined;
    }
  }

  return {
    handle(request) {
      if (request.method === 'POST' && request.path.endsWith('/oauth2/v2.0/token')) {
        const scopes = ['https://management.azure.com/.default', `${context.url()}/.default`];
        const url = `${context.url()}${request.path}`;
        return tokenReply(request, {
          ...{ tenant, principals, tokens, scopes, url },
          now: context.now(),
        });
      }
      const principal = principalOf(request, principals, tokens);
      if ('status' in principal) return principal;
      const kind = rateOf(request.method);
      const took = taken(principal, request.method);
      const reply =
        throttled(took, kind, workspace.subscription) ?? resourceReply(request, principal);
      const remaining = { [`x-ms-ratelimit-remaining-subscription-${kind}`]: `${took.remaining}` };
      return { ...reply, headers: { ...reply.headers, ...remaining } };
    },
    failure(status) {
      if (status === 401) return expired(context.now());
      const codes: Readonly<Record<number, string>> = {
        409: 'Conflict',
        429: 'TooManyRequests',
        502: 'BadGateway',
        503: 'ServiceUnavailable',
      };
      return armError(status, codes[status] ?? 'InternalServerError', 'The request failed.');
    },
  };
}

/** Why a version can't be asked for. */
function versionRefusal({ query }: ApiRequest): Reply | undefined {
  const version = query.get('api-version');
  if (version === null)
    return armError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  return apiVersions.includes(version)
    ? undefined
    : armError(
        400,
        'NoRegisteredProviderFound',
        `No registered resource provider found for API version '${version}'. The supported api-versions are '${apiVersions.join(', ')}'.`,
      );
}

/** Why a body isn't looked at. */
function typeRefusal(request: ApiRequest): Reply | undefined {
  return isOfType(request, 'application/json')
    ? undefined
    : armError(
        415,
        'UnsupportedMediaType',
        `The content media type '${request.headers['content-type']}' is not supported. Only 'application/json' is supported.`,
      );
}

/** The segments behind the workspace's Sentinel, or what is missing on the way; case doesn't count. */
function segmentsBelow({ segments }: ApiRequest, scope: string): readonly string[] | Reply {
  const way = scope.split('/').slice(1);
  const wrong = way.findIndex(
    (part, index) => part.toLowerCase() !== segments[index]?.toLowerCase(),
  );
  if (wrong < 0) return segments.slice(way.length);
  const found = segments[wrong] ?? '';
  if (wrong === 1)
    return armError(404, 'SubscriptionNotFound', `The subscription '${found}' could not be found.`);
  if (wrong === 3)
    return armError(404, 'ResourceGroupNotFound', `Resource group '${found}' could not be found.`);
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${segments.slice(5).join('/')}' was not found.`,
  );
}
