import {
  type ApiRequest,
  emptyReply,
  isObject,
  type JsonObject,
  jsonReply,
  objectIn,
  type Reply,
} from '../http/message.ts';
import { armError, badRequest, notFound } from './arm.ts';
import type { AlertRule } from './model.ts';
import { page } from './paging.ts';
import { bodyProblem } from './rule-body.ts';
import type { RuleStore } from './rule-store.ts';
import { type DurationStyle, keptProperties, shownRule } from './shown.ts';

/** What handlers of rules share. */
export interface RuleDesk {
  readonly store: RuleStore;
  /** The resource id of the workspace's Sentinel. */
  readonly scope: string;
  readonly workspace: string;
  readonly pageSize: number;
  readonly seed: number;
  /** Tables that the workspace hasn't. */
  readonly missingTables: readonly string[];
  /** Why a query can't be compiled, beside tables that are missing. */
  readonly compiles: (query: string) => string | undefined;
  readonly limits: Readonly<Record<string, number>>;
  readonly durations: DurationStyle;
  /** Whether the service heeds `If-Match`, of which the documentation says nothing. */
  readonly ifMatch: 'ignored' | 'heeded';
  url(): string;
  now(): number;
  violate(request: ApiRequest, message: string): void;
}

/** Does a request on the rules, or on one of them. */
export function rulesReply(request: ApiRequest, id: string | undefined, desk: RuleDesk): Reply {
  if (id === undefined) return request.method === 'GET' ? list(request, desk) : notAllowed();
  switch (request.method) {
    case 'GET': {
      const rule = desk.store.seen().get(id.toLowerCase());
      return rule === undefined
        ? notFound(`Rule '${id}'`)
        : jsonReply(200, shownRule(rule, desk.scope));
    }
    case 'PUT':
      return put(request, id, desk);
    case 'DELETE': {
      const rule = desk.store.now().get(id.toLowerCase());
      if (rule === undefined) return emptyReply(204);
      desk.store.remove(id);
      return emptyReply(200);
    }
    default:
      return notAllowed();
  }
}

/** No verb of this resource. */
export function notAllowed(): Reply {
  return armError(405, 'MethodNotAllowed', 'The request has an unsupported HTTP method.');
}

function list(request: ApiRequest, desk: RuleDesk): Reply {
  const rules = [...desk.store.seen().values()].map((rule) => shownRule(rule, desk.scope));
  return page(rules, request, { ...desk, shuffled: true });
}

function put(request: ApiRequest, id: string, desk: RuleDesk): Reply {
  const body = objectIn(request.body);
  const problem =
    body === undefined
      ? 'The request content was invalid and could not be deserialized.'
      : bodyProblem(body, request.query.get('api-version') ?? '');
  if (body === undefined || problem !== undefined) {
    desk.violate(request, problem ?? '');
    return badRequest(problem ?? '');
  }
  const before = desk.store.now().get(id.toLowerCase());
  const sent = isObject(body['properties']) ? body['properties'] : {};
  const next = { id: before?.id ?? id, kind: String(body['kind']), properties: sent };
  const refused =
    lostRace(request, body, before, desk) ??
    idRefusal(id, before, next.kind, desk) ??
    contentRefusal(next, desk);
  if (refused !== undefined) return refused;
  const written = desk.store.put({
    ...next,
    properties: keptProperties(sent, desk.now(), desk.durations),
  });
  return jsonReply(before === undefined ? 201 : 200, shownRule(written, desk.scope));
}

/** Somebody else wrote since the client read. */
function lostRace(
  request: ApiRequest,
  body: JsonObject,
  before: AlertRule | undefined,
  desk: RuleDesk,
): Reply | undefined {
  const { 'if-match': match } = request.headers;
  if (desk.ifMatch === 'heeded' && match !== undefined && match !== '*' && match !== before?.etag)
    return armError(412, 'PreconditionFailed', 'The condition of the header If-Match is not met.');
  const { etag } = body;
  if (etag === undefined || before === undefined || etag === before.etag) return undefined;
  return armError(
    409,
    'Conflict',
    `Newer instance of rule '${before.id}' exists for workspace '${desk.workspace}' (Etag does not match). Data was not saved.`,
  );
}

function idRefusal(
  id: string,
  before: AlertRule | undefined,
  kind: string,
  { store }: RuleDesk,
): Reply | undefined {
  if (before === undefined && store.deletedAt(id) !== undefined)
    return badRequest(
      `The rule with id '${id}' was recently deleted. You need to allow some time before re-using the same id. Please try again later.`,
    );
  return before === undefined || before.kind === kind
    ? undefined
    : badRequest(`The kind of rule '${id}' can't be changed from ${before.kind} to ${kind}.`);
}

/** What depends on the workspace: names that are taken, tables that aren't there, how much is enabled. */
function contentRefusal(next: Omit<AlertRule, 'etag'>, desk: RuleDesk): Reply | undefined {
  const { displayName, enabled, query } = next.properties;
  const others = [...desk.store.now().values()].filter(({ id }) => id !== next.id);
  if (others.some(({ properties }) => properties['displayName'] === displayName))
    return badRequest(`A rule with the name '${String(displayName)}' exists already.`);
  const plain = String(query).replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*/g, '""');
  if (desk.missingTables.some((table) => new RegExp(`\\b${table}\\b`).test(plain)))
    return badRequest('Failed to run the analytics rule query. One of the tables does not exist.');
  const problem = desk.compiles(String(query));
  if (problem !== undefined)
    return badRequest(`Failed to run the analytics rule query. ${problem}`);
  const limit = desk.limits[next.kind] ?? Infinity;
  const running = others.filter(
    ({ kind, properties }) => kind === next.kind && properties['enabled'] === true,
  ).length;
  return enabled === true && running >= limit
    ? badRequest(
        `The workspace has ${limit} enabled rules of kind '${next.kind}', which is the limit.`,
      )
    : undefined;
}
